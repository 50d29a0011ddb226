/**
 * A statement that writes one item. Values are parameters only: `parameter` is the number of the `?`, from 0.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.statements.html
 */
export type PartiqlStatement =
  | { kind: "insert"; table: string; attributes: readonly Assignment[] }
  | {
      kind: "update";
      table: string;
      sets: readonly Assignment[];
      removes: readonly string[];
      where: readonly Condition[];
    }
  | { kind: "delete"; table: string; where: readonly Condition[] };

export interface Assignment {
  attribute: string;
  /** `append`: the parameter's elements are added at the end of the list that is there. */
  how: "replace" | "append";
  parameter: number;
}

export type Condition =
  | { attribute: string; operator: (typeof comparisons)[number]; parameter: number }
  | { attribute: string; operator: "IS MISSING" | "IS NOT MISSING" };

const comparisons = ["=", "<>", "<=", ">=", "<", ">"] as const;

const supported = `the emulator supports, with "?" for every value and a name in quotes:
INSERT INTO "table" VALUE {'name': ?, ...}
UPDATE "table" SET "name" = ? SET "name" = list_append("name", ?) REMOVE "name" ... WHERE "key" = ? AND <condition> ...
DELETE FROM "table" WHERE "key" = ? AND <condition> ...
and the conditions "name" ${comparisons.join("|")} ? and "name" IS [NOT] MISSING`;

/** The emulator cannot tell what DynamoDB would make of a statement. */
export class UnsupportedStatementError extends Error {
  constructor(statement: string, reason: string) {
    super(`${reason} in the statement: ${statement}\n${supported}`);
  }
}

/** Throws an `UnsupportedStatementError` for every other shape, also for those that DynamoDB knows. */
export function parseStatement(text: string): { statement: PartiqlStatement; parameters: number } {
  const tokens = readTokens(text);
  const statement = readStatement(tokens);
  tokens.expectEnd();
  return { statement, parameters: tokens.parameters() };
}

function readStatement(tokens: Tokens): PartiqlStatement {
  if (tokens.accept("INSERT", "INTO")) {
    const table = tokens.name('"');
    tokens.expect("VALUE", "{");
    const attributes = readAll(tokens, ",", readMember);
    tokens.expect("}");
    return { kind: "insert", table, attributes };
  }
  if (tokens.accept("UPDATE")) {
    const table = tokens.name('"');
    return { kind: "update", table, ...readChanges(tokens), where: readWhere(tokens) };
  }
  tokens.expect("DELETE", "FROM");
  return { kind: "delete", table: tokens.name('"'), where: readWhere(tokens) };
}

function readMember(tokens: Tokens): Assignment {
  const attribute = tokens.name("'");
  tokens.expect(":");
  return { attribute, how: "replace", parameter: tokens.parameter() };
}

/** AWS documents one SET for each attribute. DynamoDB takes a list after SET too, but none after REMOVE. */
function readChanges(tokens: Tokens): { sets: Assignment[]; removes: string[] } {
  const sets: Assignment[] = [];
  const removes: string[] = [];
  for (;;) {
    if (tokens.accept("SET")) sets.push(...readAll(tokens, ",", readAssignment));
    else if (tokens.accept("REMOVE")) removes.push(tokens.name('"'));
    else if (sets.length + removes.length > 0) return { sets, removes };
    else tokens.fail("SET or REMOVE");
  }
}

function readAssignment(tokens: Tokens): Assignment {
  const attribute = tokens.name('"');
  tokens.expect("=");
  if (!tokens.accept("LIST_APPEND", "(")) {
    return { attribute, how: "replace", parameter: tokens.parameter() };
  }
  if (tokens.name('"') !== attribute) tokens.fail(`the name "${attribute}" in list_append`);
  tokens.expect(",");
  const parameter = tokens.parameter();
  tokens.expect(")");
  return { attribute, how: "append", parameter };
}

function readWhere(tokens: Tokens): Condition[] {
  return tokens.accept("WHERE") ? readAll(tokens, "AND", readCondition) : [];
}

function readCondition(tokens: Tokens): Condition {
  const attribute = tokens.name('"');
  if (tokens.accept("IS", "MISSING")) return { attribute, operator: "IS MISSING" };
  if (tokens.accept("IS", "NOT", "MISSING")) return { attribute, operator: "IS NOT MISSING" };
  const operator = comparisons.find((sign) => tokens.accept(sign)) ?? tokens.fail("a condition");
  return { attribute, operator, parameter: tokens.parameter() };
}

function readAll<T>(tokens: Tokens, separator: string, read: (tokens: Tokens) => T): T[] {
  const all = [read(tokens)];
  while (tokens.accept(separator)) all.push(read(tokens));
  return all;
}

type Tokens = ReturnType<typeof readTokens>;

/** Names keep their quotes, so that none is taken for a keyword. */
const token = /"(?:[^"]|"")+"|'(?:[^']|'')+'|<=|>=|<>|\w+|\S/g;

function readTokens(text: string) {
  const tokens = (text.match(token) ?? []).map((found) => (/^\w/.test(found) ? found.toUpperCase() : found));
  let at = 0;
  let parameters = 0;
  const fail = (expected: string): never => {
    const found = tokens[at] ?? "the end";
    throw new UnsupportedStatementError(text, `expected ${expected}, got ${found}`);
  };
  const accept = (...words: readonly string[]): boolean => {
    if (words.some((word, offset) => tokens[at + offset] !== word)) return false;
    at += words.length;
    return true;
  };
  const expect = (...words: readonly string[]): void => {
    if (!accept(...words)) fail(words.join(" "));
  };
  return {
    fail,
    accept,
    expect,
    expectEnd: () => void (at < tokens.length && fail("the end")),
    name(quote: '"' | "'"): string {
      const found = tokens[at] ?? "";
      if (found.length < 3 || !found.startsWith(quote)) return fail(`a name in ${quote}`);
      at += 1;
      return found.slice(1, -1).replaceAll(quote + quote, quote);
    },
    /** Takes a `?` and returns its number. */
    parameter(): number {
      expect("?");
      parameters += 1;
      return parameters - 1;
    },
    parameters: () => parameters,
  };
}
