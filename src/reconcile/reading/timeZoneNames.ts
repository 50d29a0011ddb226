import { isTimeZone } from "../../events/eventTime.ts";
import { windowsTimeZones } from "./windowsTimeZones.ts";

/**
 * The IANA time zone that an export means: its own name, that of Windows (`Eastern Standard Time`), or Workday's and Windows'
 * long one, whose offset must be the zone's (`GMT-08:00 Pacific Time (Los Angeles)`). `undefined` for anything else, and for
 * abbreviations such as EST, which stand for several zones.
 */
export function toTimeZone(text: string): string | undefined {
  if (isTimeZone(text)) return text;
  const known = zoneOfName.get(text.toLowerCase());
  if (known !== undefined) return known;
  const [, offset, name] = /^\(?(?:GMT|UTC)([+-]\d\d:\d\d)?\)?\s+(.+)$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  return candidates(name).find((zone) => hasOffset(zone, offset ?? "+00:00"));
}

/** The short names of Windows' zones: `Eastern Standard Time`, and `Eastern Time` in its long form. */
const zoneOfName: ReadonlyMap<string, string> = new Map(
  Object.entries(windowsTimeZones).flatMap(([name, zone]) => [
    [name.toLowerCase(), zone],
    [name.toLowerCase().replace(" standard time", " time"), zone],
  ]),
);

/** The cities of a long name come first, and then the name before them. */
function candidates(name: string): string[] {
  const [, before = name, within = ""] = /^([^(]*)(?:\((.*)\))?$/.exec(name) ?? [];
  const cities = [...within.split(","), ...before.split(",")].map((city) => city.trim().toLowerCase());
  return [
    ...cities.map((city) => zoneOfCity().get(city)),
    zoneOfName.get(before.trim().toLowerCase()),
  ].filter((zone) => zone !== undefined);
}

let cities: ReadonlyMap<string, string> | undefined;

/** By the last part of a zone's name: `los angeles` is America/Los_Angeles. */
function zoneOfCity(): ReadonlyMap<string, string> {
  cities ??= new Map(
    Intl.supportedValuesOf("timeZone").map((zone) => [
      (zone.split("/").at(-1) ?? zone).replaceAll("_", " ").toLowerCase(),
      zone,
    ]),
  );
  return cities;
}

/** Whether it is the zone's offset in winter or in summer, for programs write either. */
function hasOffset(zone: string, offset: string): boolean {
  return ["2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z"].some((time) => offsetAt(zone, time) === offset);
}

function offsetAt(timeZone: string, time: string): string {
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" }).formatToParts(
    new Date(time),
  );
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  return name.slice("GMT".length) || "+00:00";
}
