import type { JsonBounds } from "../../events/boundedJson.ts";

export type ParsedForm = { kind: "read"; payload: unknown } | { kind: "breach"; why: string };

/** A field's text, or the fields within it. */
type Node = string | Map<string, Node>;

/**
 * Reads a form post (application/x-www-form-urlencoded) as the JSON that it stands for: `data[changedFields][0]=status` is the first
 * element of a list. Names nest with brackets, as PHP writes them; `[]` is the next element. Every value is a text.
 */
export function parseForm(text: string, { depth, values }: JsonBounds): ParsedForm {
  const fields = new URLSearchParams(text);
  if (fields.size > values) return breach(`at most ${values} fields`);
  const root = new Map<string, Node>();
  for (const [name, value] of fields) {
    const path = toPath(name);
    if (path.length > depth) return breach(`fields of at most ${depth} levels`);
    place(root, path, value);
  }
  return { kind: "read", payload: toValue(root) };
}

const breach = (expected: string): ParsedForm => ({
  kind: "breach",
  why: `expected a form with ${expected}; got more`,
});

/** `data[changedFields][0]` is `data`, `changedFields`, `0`. A name with other brackets is one name. */
function toPath(name: string): string[] {
  if (!/^[^[\]]+(?:\[[^[\]]*\])+$/.test(name)) return [name];
  return name.split("[").map((part) => (part.endsWith("]") ? part.slice(0, -1) : part));
}

function place(root: Map<string, Node>, path: readonly string[], value: string): void {
  let within = root;
  for (const [index, part] of path.entries()) {
    const key = part === "" && index > 0 ? String(within.size) : part;
    if (index === path.length - 1) {
      within.set(key, value);
      return;
    }
    const known = within.get(key);
    const next = known instanceof Map ? known : new Map<string, Node>();
    within.set(key, next);
    within = next;
  }
}

/** Fields that are counted from 0 are a list. */
function toValue(node: Node): unknown {
  if (typeof node === "string") return node;
  const isList = node.size > 0 && [...node.keys()].every((key, index) => key === String(index));
  if (isList) return [...node.values()].map(toValue);
  // It defines each field, whatever its name is: none of them can be the object's prototype.
  return Object.fromEntries([...node].map(([key, inner]) => [key, toValue(inner)]));
}
