const units = [
  { name: "s", seconds: 1, below: 120 },
  { name: "min", seconds: 60, below: 120 * 60 },
  { name: "h", seconds: 3600, below: 48 * 3600 },
  { name: "d", seconds: 86_400, below: Number.POSITIVE_INFINITY },
] as const;

/** A length of time in one unit, whole and rounded down, so that columns stay narrow: `95 s`, `17 min`, `-3 h`, `40 d`. */
export function durationText(seconds: number): string {
  const length = Math.abs(seconds);
  const unit = units.find(({ below }) => length < below) ?? units[3];
  const count = Math.floor(length / unit.seconds);
  return `${seconds < 0 && count > 0 ? "-" : ""}${count} ${unit.name}`;
}
