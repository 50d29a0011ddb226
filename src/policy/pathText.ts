/** A field's place as people write it: `accounts[1].domains`. */
export function pathText(path: readonly (string | number)[]): string {
  if (path.length === 0) return "(the whole)";
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`)).join("");
  return text.replace(/^\./, "");
}
