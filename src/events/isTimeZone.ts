/**
 * Whether the runtime knows the IANA time zone. Offsets such as `+02:00` are refused on every Node version
 * (newer ones would take them), because an effective date needs the zone's daylight saving rules.
 */
export function isTimeZone(name: string): boolean {
  if (known.has(name)) return true;
  if (!/^[A-Za-z]/.test(name) || !isFormattable(name)) return false;
  // Spellings are case-insensitive, so a hostile sender could invent very many of one zone.
  if (known.size < MAX_KNOWN) known.add(name);
  return true;
}

/** Asking Intl costs about 40 µs, and ten thousand events name the same few zones. */
const known = new Set<string>();
const MAX_KNOWN = 1000;

function isFormattable(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone });
    return true;
  } catch {
    return false;
  }
}
