import { BlockList, isIP } from "node:net";
import { isJsonObject, type JsonObject } from "../../json.ts";
import { parseAnythingBut } from "./parseAnythingBut.ts";
import { parseNumericRange } from "./parseNumericRange.ts";
import { parseText } from "./parseText.ts";
import { PatternError } from "./patternError.ts";
import type { PresentTest, ValueTest } from "./valueTest.ts";

/** Reads one element of a field's array: a value to be equal to, or an object with one operator. */
export function parseValueTest(element: unknown, path: readonly string[]): ValueTest {
  if (isJsonObject(element)) return parseOperator(element, path);
  if (typeof element === "string") return isIP(element) > 0 ? sameAddress(element) : equalTo(element);
  if (typeof element === "number" || typeof element === "boolean" || element === null)
    return equalTo(element);
  throw new PatternError(path, "a string, a number, true, false, null or an operator", element);
}

function equalTo(value: string | number | boolean | null): PresentTest {
  return { kind: "equals", value };
}

/** AWS compares an address by its meaning, so that `::1` finds `0:0:0:0:0:0:0:1`. */
function sameAddress(address: string): PresentTest {
  const addresses = new BlockList();
  addresses.addAddress(address, isIP(address) === 4 ? "ipv4" : "ipv6");
  return { kind: "cidr", addresses };
}

type OperatorParser = (operand: unknown, path: readonly string[]) => ValueTest;

const operators: Readonly<Record<string, OperatorParser>> = {
  prefix: (operand, path) => parseText("prefix", operand, path),
  suffix: (operand, path) => parseText("suffix", operand, path),
  "equals-ignore-case": (operand, path) => parseText("equals-ignore-case", operand, path),
  wildcard: (operand, path) => parseText("wildcard", operand, path),
  "anything-but": parseAnythingBut,
  numeric: (operand, path) => ({ kind: "numeric", range: parseNumericRange(operand, path) }),
  cidr: parseCidr,
  exists: parseExists,
};

function parseOperator(element: JsonObject, path: readonly string[]): ValueTest {
  const entries = Object.entries(element);
  const [first] = entries;
  if (first === undefined || entries.length > 1) {
    throw new PatternError(path, "an object with exactly one operator", element);
  }
  const [name, operand] = first;
  const parse = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (parse === undefined) {
    throw new PatternError(path, `one of the operators ${Object.keys(operators).join(", ")}`, element);
  }
  return parse(operand, [...path, name]);
}

function parseCidr(operand: unknown, path: readonly string[]): ValueTest {
  const [, address = "", bits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(String(operand)) ?? [];
  const version = isIP(address);
  if (typeof operand !== "string" || version === 0 || Number(bits) > (version === 4 ? 32 : 128)) {
    throw new PatternError(path, "an IPv4 or IPv6 block such as 10.0.0.0/8", operand);
  }
  const addresses = new BlockList();
  addresses.addSubnet(address, Number(bits), version === 4 ? "ipv4" : "ipv6");
  return { kind: "cidr", addresses };
}

function parseExists(operand: unknown, path: readonly string[]): ValueTest {
  if (typeof operand !== "boolean") throw new PatternError(path, "true or false", operand);
  return operand ? { kind: "exists" } : { kind: "absent" };
}
