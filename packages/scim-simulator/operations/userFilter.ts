import { z } from "zod";
import type { TenantBehavior } from "../tenants/tenantBehavior.ts";
import { type Refusal, refuse } from "./answers.ts";

/** A filter of RFC 7644, section 3.4.2.2, without `not` and grouping. */
export type Filter =
  | { kind: "compare"; attribute: string; operator: Operator; value: string | number | boolean | null }
  | { kind: "present"; attribute: string }
  /** `emails[type eq "work" and value eq "ada@example.com"]`, with `.value` behind it or without. */
  | { kind: "element"; attribute: string; filter: Filter }
  | { kind: "and" | "or"; filters: readonly Filter[] };

const operators = ["eq", "ne", "co", "sw", "ew"] as const;
type Operator = (typeof operators)[number];

/** Parses the text of a filter, or says why it is refused. */
export function parseFilter(text: string): Filter | Refusal {
  const tokens = tokenize(text);
  if (tokens === undefined) return refuse(400, "The filter has a part that cannot be read.", "invalidFilter");
  const rest = [...tokens];
  const filter = parseOr(rest);
  if (filter === undefined || rest.length > 0) {
    return refuse(400, "The filter is incomplete or has too much.", "invalidFilter");
  }
  return filter;
}

// A text in JSON's form, a bracket, a number or word, and the end of a path behind a bracket.
const token = /\s*("(?:[^"\\]|\\.)*"|[[\]()]|\.[\w$-]+|[\w$:.-]+)\s*/y;

function tokenize(text: string): string[] | undefined {
  const tokens: string[] = [];
  token.lastIndex = 0;
  let end = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    tokens.push(found[1] ?? "");
    end = token.lastIndex;
  }
  return end === text.length && tokens.length > 0 ? tokens : undefined;
}

function parseOr(tokens: string[]): Filter | undefined {
  return parseJoined(tokens, "or", (rest) => parseJoined(rest, "and", parseOne));
}

function parseJoined(
  tokens: string[],
  word: "and" | "or",
  parsePart: (tokens: string[]) => Filter | undefined,
): Filter | undefined {
  const first = parsePart(tokens);
  if (first === undefined) return undefined;
  const filters = [first];
  while (tokens[0]?.toLowerCase() === word) {
    tokens.shift();
    const next = parsePart(tokens);
    if (next === undefined) return undefined;
    filters.push(next);
  }
  return filters.length === 1 ? first : { kind: word, filters };
}

function parseOne(tokens: string[]): Filter | undefined {
  const attribute = tokens.shift();
  if (attribute === undefined || !/^[\w$]/.test(attribute)) return undefined;
  if (tokens[0] === "[") return parseElement(attribute, tokens);
  const word = tokens.shift()?.toLowerCase();
  if (word === "pr") return { kind: "present", attribute };
  const operator = operators.find((known) => known === word);
  const value = parseValue(tokens.shift());
  if (operator === undefined || value === undefined) return undefined;
  return { kind: "compare", attribute, operator, value };
}

function parseElement(attribute: string, tokens: string[]): Filter | undefined {
  tokens.shift();
  const inner = parseOr(tokens);
  if (inner === undefined || tokens.shift() !== "]") return undefined;
  const behind = tokens[0]?.startsWith(".") ? tokens.shift()?.slice(1) : undefined;
  if (behind === undefined) return { kind: "element", attribute, filter: inner };
  // `emails[type eq "work"].value eq "…"` asks for one element that satisfies both.
  const compared = parseOne([behind, ...tokens.splice(0, 2)]);
  if (compared === undefined) return undefined;
  return { kind: "element", attribute, filter: { kind: "and", filters: [inner, compared] } };
}

const comparedValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

function parseValue(text: string | undefined): z.infer<typeof comparedValue> | undefined {
  try {
    return comparedValue.safeParse(JSON.parse(text ?? "")).data;
  } catch (error) {
    // Unquoted text.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The attributes and operators that a filter uses, for services that know few. */
function usedParts(filter: Filter): { attributes: string[]; operators: string[] } {
  switch (filter.kind) {
    case "compare":
      return { attributes: [filter.attribute], operators: [filter.operator] };
    case "present":
      return { attributes: [filter.attribute], operators: ["pr"] };
    case "element": {
      const inner = usedParts(filter.filter);
      return {
        attributes: inner.attributes.map((name) => `${filter.attribute}[].${name}`),
        operators: inner.operators,
      };
    }
    case "and":
    case "or": {
      const parts = filter.filters.map(usedParts);
      return {
        attributes: parts.flatMap(({ attributes }) => attributes),
        operators: [filter.kind, ...parts.flatMap((part) => part.operators)],
      };
    }
  }
}

type Comparison = TenantBehavior["filters"];

/** Whether a user, or an element of a list, satisfies the filter. */
export function matches(resource: unknown, filter: Filter, comparison: Comparison): boolean {
  switch (filter.kind) {
    case "and":
      return filter.filters.every((part) => matches(resource, part, comparison));
    case "or":
      return filter.filters.some((part) => matches(resource, part, comparison));
    case "element":
      return valuesAt(resource, filter.attribute).some((element) =>
        matches(element, filter.filter, comparison),
      );
    case "present":
      return valuesAt(resource, filter.attribute).length > 0;
    case "compare": {
      const found = valuesAt(resource, filter.attribute);
      const isEqual = found.some((value) => compare(value, filter, comparison));
      return filter.operator === "ne" ? !isEqual : isEqual;
    }
  }
}

function compare(
  actual: unknown,
  { attribute, operator, value }: Extract<Filter, { kind: "compare" }>,
  { caseSensitive, equality }: Comparison,
): boolean {
  if (typeof actual !== "string" || typeof value !== "string") return actual === value;
  // By RFC 7643, section 3.1, these two are exact whatever the service does with the others.
  const isExact = caseSensitive || ["id", "externalid"].includes(attribute.toLowerCase());
  const [one, other] = isExact ? [actual, value] : [actual.toLowerCase(), value.toLowerCase()];
  switch (operator) {
    case "eq":
    case "ne":
      return equality === "prefix" ? one.startsWith(other) : one === other;
    case "co":
      return one.includes(other);
    case "sw":
      return one.startsWith(other);
    case "ew":
      return one.endsWith(other);
  }
}

/** The values at a path such as `emails.value` or `name.givenName`; names are compared in any case. */
function valuesAt(resource: unknown, path: string): unknown[] {
  // The name of an extension has dots of its own: `urn:…:2.0:User:department`.
  const extension = /^(urn:.*):([^:]+)$/i.exec(path);
  const names = extension === null ? path.split(".") : [extension[1] ?? "", extension[2] ?? ""];
  return names.reduce<unknown[]>(
    (found, name) =>
      found.flatMap((value) => {
        const field = fieldOf(value, name);
        return Array.isArray(field) ? field : field === undefined ? [] : [field];
      }),
    [resource],
  );
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** The one value that a plain look-up asks for, by which an index can narrow the search. */
export function soughtValue(filter: Filter): { attribute: string; value: string } | undefined {
  if (filter.kind !== "compare" || filter.operator !== "eq" || typeof filter.value !== "string")
    return undefined;
  return { attribute: filter.attribute, value: filter.value };
}

/** Says why a service that knows few filters refuses this one; `undefined` if it knows it. */
export function unsupportedPart(
  filter: Filter,
  { attributes, operators: known }: Comparison,
): string | undefined {
  const used = usedParts(filter);
  const inAnyCase = (names: readonly string[], name: string) =>
    names.some((one) => one.toLowerCase() === name.toLowerCase());
  return (
    used.attributes.find((name) => attributes !== "any" && !inAnyCase(attributes, name)) ??
    used.operators.find((name) => known !== "any" && !inAnyCase(known, name))
  );
}
