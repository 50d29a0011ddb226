import { ageText, clockText, durationText } from "../../operations/words/plainWords.ts";
import type { View } from "./view.ts";

/** A moment in the style that was chosen; the others stand in its tooltip. */
export function Moment({ at, view }: { at: string; view: Pick<View, "times" | "now"> }) {
  const texts = {
    local: localText(at, view.now),
    utc: clockText(at, "utc"),
    relative: relativeText(at, view.now),
  };
  return (
    <time dateTime={at} title={`${clockText(at, "local")} · ${texts.utc} · ${texts.relative}`}>
      {texts[view.times]}
    </time>
  );
}

/** The time alone on the day itself. */
function localText(at: string, now: number): string {
  const text = clockText(at, "local").replace("T", " ");
  const today = clockText(new Date(now).toISOString(), "local").slice(0, 10);
  return text.startsWith(today) ? text.slice(11, 19) : text.slice(0, 19);
}

function relativeText(at: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1000;
  if (Math.abs(seconds) < 1) return "now";
  return seconds > 0 ? `in ${durationText(seconds)}` : `${ageText(at, now)} ago`;
}
