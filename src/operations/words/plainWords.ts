/** `1,234 events`, `1 event`. */
export function countOf(n: number, noun: string): string {
  return `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;
}

/** `1,234 people`, `1 person`. */
export function countPeople(n: number): string {
  return `${n.toLocaleString("en")} ${n === 1 ? "person" : "people"}`;
}

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

/** In which zone a time is told: that of this computer, or UTC. */
export type TimeZone = "local" | "utc";

/** A moment in ISO 8601, to the second: `2026-05-14T10:00:00+02:00`, or `2026-05-14T08:00:00Z`. */
export function clockText(moment: string, zone: TimeZone): string {
  const at = new Date(moment);
  if (zone === "utc") return at.toISOString().replace(/\.\d+Z$/, "Z");
  const offsetMinutes = -at.getTimezoneOffset();
  const local = new Date(at.getTime() + offsetMinutes * 60_000).toISOString().slice(0, 19);
  const two = (n: number) => String(n).padStart(2, "0");
  const length = Math.abs(offsetMinutes);
  return `${local}${offsetMinutes < 0 ? "-" : "+"}${two(Math.floor(length / 60))}:${two(Math.round(length % 60))}`;
}

/** How long ago a moment in ISO 8601 was. @param now milliseconds since the epoch */
export function ageText(since: string, now: number): string {
  return durationText(Math.max(0, now - Date.parse(since)) / 1000);
}
