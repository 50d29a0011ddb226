/**
 * A time that the schema let through, in milliseconds since the epoch: what `Date.parse` makes of it, in a third of the time
 * for the form that nearly every event has, such as `2026-05-14T17:00:05Z`.
 */
export function parseTime(text: string): number {
  // Of years before 1000 `Date.UTC` takes some for those of the 20th century.
  if (text.length !== "2026-05-14T17:00:05Z".length || !text.endsWith("Z") || text.startsWith("0"))
    return Date.parse(text);
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2);
  const month = twoDigits(text, 5) - 1;
  return Date.UTC(
    year,
    month,
    twoDigits(text, 8),
    twoDigits(text, 11),
    twoDigits(text, 14),
    twoDigits(text, 17),
  );
}

const zero = "0".charCodeAt(0);

function twoDigits(text: string, at: number): number {
  return 10 * (text.charCodeAt(at) - zero) + text.charCodeAt(at + 1) - zero;
}
