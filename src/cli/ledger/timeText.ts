/** A moment for the eye: to the second, in UTC. `2026-05-14T08:00:00Z` */
export function timeText(moment: string | number): string {
  return new Date(moment).toISOString().replace(/\.\d+Z$/, "Z");
}
