const unitsInMilliseconds: Readonly<Record<string, number>> = {
  minute: 60_000,
  minutes: 60_000,
  hour: 3_600_000,
  hours: 3_600_000,
  day: 86_400_000,
  days: 86_400_000,
};

/**
 * The interval, in milliseconds, of a rule's schedule such as `rate(5 minutes)`. As AWS demands, 1 takes the
 * singular and every other number the plural. Throws for anything else, and for `cron(…)`, which is not modelled.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 */
export function parseRate(expression: string): number {
  if (expression.startsWith("cron(")) {
    throw new Error(
      `Schedule ${expression}: cron is not modelled by the embedded stack, only rate(n minutes|hours|days).`,
    );
  }
  const [, count = "", unit = ""] = /^rate\(([1-9]\d{0,8}) (\w+)\)$/.exec(expression) ?? [];
  const unitMilliseconds = Object.hasOwn(unitsInMilliseconds, unit) ? unitsInMilliseconds[unit] : undefined;
  if (unitMilliseconds === undefined || (count === "1") === unit.endsWith("s")) {
    throw new Error(
      `Schedule ${expression}: expected rate(1 minute), rate(5 minutes), rate(1 hour) or the like: the singular for 1, the plural for more.`,
    );
  }
  return Number(count) * unitMilliseconds;
}
