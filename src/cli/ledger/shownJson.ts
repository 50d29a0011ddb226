import { parseJson } from "../../events/boundedJson.ts";
import type { ShowText } from "./shownText.ts";

/** Text that should be JSON, as a value in which every text is shown as `show` has it; text that is not, as text. */
export function shownJson(text: string, show: ShowText): unknown {
  const value = parseJson(text);
  if (value === undefined) return show(text);
  return JSON.parse(
    JSON.stringify(value, (_key, each: unknown) => (typeof each === "string" ? show(each) : each)),
  );
}
