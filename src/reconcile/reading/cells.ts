import { withoutInvisible } from "../../events/lookAlikes.ts";

/** What programs write into a cell that has no value. */
const noValue =
  /^(?:#?n\/?a|\(?null\)?|nil|none|\\n|\(?blank\)?|-+|–|—|0000-00-00(?:[T ]00:00:00)?|00\/00\/0000|00\.00\.0000)$/i;

/** Fields in which a word such as "None" may be meant. */
const anyText: ReadonlySet<string> = new Set(["personId", "role", "licenseType"]);
/** Fields in which no character is there that nobody sees. */
const visibleOnly: ReadonlySet<string> = new Set([
  "email",
  "previousEmails",
  "status",
  "otherStatus",
  "timeZone",
]);

/**
 * A cell's text for a field: without white space around it, a line feed in it, or the formula by which Excel keeps zeros
 * (`="0001"`). A word for no value is empty, except in a person's id, which is refused for it, and where any word may be meant.
 *
 * Characters that nobody sees are taken out of addresses and words. They stay in ids, which are refused for them: two ids that
 * look alike would be two people, or one who is two.
 */
export function cleanCell(cell: string, field: string): string {
  const [, literal = cell] = /^="(.*)"$/s.exec(cell) ?? [];
  const text = plain.test(literal) ? literal : cleanOdd(literal, field);
  return !anyText.has(field) && noValue.test(text) ? "" : text;
}

/** Nearly every cell is plain ASCII, which is quicker to see. */
const plain = /^(?:[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)?$/;

function cleanOdd(text: string, field: string): string {
  const visible = visibleOnly.has(field) ? withoutInvisible(text) : text;
  return visible.replaceAll("\u001a", "").replaceAll(/\s+/g, " ").trim();
}
