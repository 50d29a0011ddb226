import * as z from "zod";
import type { JsonObject } from "../json.ts";
import type { Assignment, Condition, PartiqlStatement } from "./partiqlStatement.ts";

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html, as it stands in a request. */
export const attributeValue = z.union([
  z.strictObject({ S: z.string() }),
  z.strictObject({ N: z.string().regex(/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/) }),
  z.strictObject({ B: z.base64() }),
  z.strictObject({ BOOL: z.boolean() }),
  z.strictObject({ NULL: z.boolean() }),
  z.strictObject({ SS: z.array(z.string()).min(1) }),
  z.strictObject({ NS: z.array(z.string()).min(1) }),
  z.strictObject({ BS: z.array(z.base64()).min(1) }),
  z.strictObject({
    get L(): z.ZodType<JsonObject[]> {
      return z.array(attributeValue);
    },
  }),
  z.strictObject({
    get M(): z.ZodType<JsonObject> {
      return z.record(z.string(), attributeValue);
    },
  }),
]);

export type Item = Record<string, JsonObject>;

/** The attributes of a table's primary key, with their types. */
export type KeySchema = readonly { name: string; type: string }[];

/** A statement as the request of dynalite that does the same. */
export interface StatementWrite {
  table: string;
  /** Its attributes stand in the order of the table's key schema. */
  key: Item;
  operation: "PutItem" | "UpdateItem" | "DeleteItem";
  input: JsonObject;
  /**
   * A query that finds the item if, and only if, it is there and fails the statement's conditions. Without conditions there is
   * none.
   */
  refusedItem?: JsonObject;
}

/** What DynamoDB would refuse of the statement alone. */
export interface InvalidStatement {
  invalid: string;
}

/** Translates a statement, with a value for each parameter. */
export function toWrite(
  statement: PartiqlStatement,
  parameters: readonly JsonObject[],
  schema: KeySchema,
): StatementWrite | InvalidStatement {
  const { table } = statement;
  if (statement.kind === "insert") return toPut(table, statement.attributes, parameters, schema);

  const { key, conditions } = splitWhere(statement.where, parameters, schema);
  const invalid = whatIsWrong(key, conditions, parameters, schema);
  if (invalid !== undefined) return { invalid };
  const terms = expressionTerms(parameters);
  const [partition = ""] = schema.map(({ name }) => name);
  const holds = conditions.map((condition) => conditionText(condition, terms));
  const common = {
    table,
    key,
    ...(holds.length > 0 && { refusedItem: refusalQuery(table, key, conditions, parameters) }),
  };
  if (statement.kind === "delete") {
    // DynamoDB finds nothing wrong with deleting an item that is not there, whatever the conditions say.
    const condition = `attribute_not_exists(${terms.name(partition)}) OR (${holds.join(" AND ")})`;
    const ConditionExpression = holds.length > 0 && { ConditionExpression: condition, ...terms.used() };
    return {
      ...common,
      operation: "DeleteItem",
      input: { TableName: table, Key: key, ...ConditionExpression },
    };
  }
  const plain = plainUpdate(statement, conditions, parameters, partition);
  if (plain !== undefined) {
    return { ...common, operation: "UpdateItem", input: { TableName: table, Key: key, ...plain } };
  }
  // An UPDATE creates nothing, unlike UpdateItem.
  const exists = `attribute_exists(${terms.name(partition)})`;
  const UpdateExpression = updateText(statement.sets, statement.removes, terms);
  const ConditionExpression = [exists, ...holds].join(" AND ");
  const input = { TableName: table, Key: key, UpdateExpression, ConditionExpression, ...terms.used() };
  return { ...common, operation: "UpdateItem", input };
}

function toPut(
  table: string,
  attributes: readonly Assignment[],
  parameters: readonly JsonObject[],
  schema: KeySchema,
): StatementWrite | InvalidStatement {
  const names = attributes.map(({ attribute }) => attribute);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return { invalid: `Duplicate keys in tuple. Key: ${twice}` };
  const item = Object.fromEntries(
    attributes.map(({ attribute, parameter }) => [attribute, parameters[parameter] ?? {}]),
  );
  const missing = schema.find(({ name }) => item[name] === undefined);
  if (missing !== undefined) {
    return { invalid: `Key attribute should be present in the item: Key ${missing.name}` };
  }
  const key = Object.fromEntries(schema.map(({ name }) => [name, item[name] ?? {}]));
  const invalid = wrongType(key, schema);
  if (invalid !== undefined) return { invalid };
  const Expected = { [schema[0]?.name ?? ""]: { ComparisonOperator: "NULL" } };
  return { table, key, operation: "PutItem", input: { TableName: table, Item: item, Expected } };
}

/** Attributes of these types are equal to dynalite in one form as in the other. */
const plainTypes = ["S", "N", "B"];

/**
 * An UPDATE in DynamoDB's older form, which has no expressions: to read one takes dynalite longer than to write the item. Returns
 * nothing if that form cannot say it.
 */
function plainUpdate(
  { sets, removes }: Extract<PartiqlStatement, { kind: "update" }>,
  conditions: readonly Condition[],
  parameters: readonly JsonObject[],
  partition: string,
): JsonObject | undefined {
  const changed = [...sets.map(({ attribute }) => attribute), ...removes];
  const guarded = conditions.map(({ attribute }) => attribute);
  if (sets.some(({ how }) => how !== "replace") || hasTwice(changed) || hasTwice(guarded)) return undefined;
  const expected = conditions.map((condition) => [
    condition.attribute,
    plainCondition(condition, parameters),
  ]);
  if (expected.some(([, condition]) => condition === undefined)) return undefined;
  return {
    AttributeUpdates: Object.fromEntries([
      ...sets.map(({ attribute, parameter }) => [attribute, { Action: "PUT", Value: parameters[parameter] }]),
      ...removes.map((attribute) => [attribute, { Action: "DELETE" }]),
    ]),
    // An UPDATE creates nothing, unlike UpdateItem.
    Expected: { [partition]: { ComparisonOperator: "NOT_NULL" }, ...Object.fromEntries(expected) },
  };
}

function plainCondition(condition: Condition, parameters: readonly JsonObject[]): JsonObject | undefined {
  switch (condition.operator) {
    case "IS MISSING":
      return { ComparisonOperator: "NULL" };
    case "IS NOT MISSING":
      return { ComparisonOperator: "NOT_NULL" };
    case "=": {
      const value = parameters[condition.parameter] ?? {};
      if (!plainTypes.some((type) => type in value)) return undefined;
      // Not with `ComparisonOperator: "EQ"`, by which dynalite takes 5 and 5.0 for two numbers.
      return { Value: value };
    }
    default:
      return undefined;
  }
}

const hasTwice = (names: readonly string[]) => new Set(names).size < names.length;

/** The first equality on each attribute of the key says which item; the rest are conditions. */
function splitWhere(where: readonly Condition[], parameters: readonly JsonObject[], schema: KeySchema) {
  const key: Item = {};
  let conditions = where;
  // In the order of the schema, so that one item always has one key.
  for (const { name } of schema) {
    const equality = where.find(({ attribute, operator }) => attribute === name && operator === "=");
    if (equality === undefined || !("parameter" in equality)) continue;
    key[name] = parameters[equality.parameter] ?? {};
    conditions = conditions.filter((condition) => condition !== equality);
  }
  return { key, conditions };
}

function whatIsWrong(
  key: Item,
  conditions: readonly Condition[],
  parameters: readonly JsonObject[],
  schema: KeySchema,
): string | undefined {
  if (schema.some(({ name }) => key[name] === undefined)) {
    return "Where clause does not contain a mandatory equality on all key attributes";
  }
  if (conditions.some(({ attribute }) => key[attribute] !== undefined)) {
    return "the emulator supports one equality on each key attribute, and no other condition on it";
  }
  // dynalite takes no two lists, and no two maps, for equal.
  const compared = conditions.flatMap((condition) =>
    "parameter" in condition ? [parameters[condition.parameter] ?? {}] : [],
  );
  if (compared.some((value) => "L" in value || "M" in value)) {
    return "the emulator compares no lists and no maps";
  }
  return wrongType(key, schema);
}

function wrongType(key: Item, schema: KeySchema): string | undefined {
  const wrong = schema.find(({ name, type }) => key[name]?.[type] === undefined);
  if (wrong === undefined) return undefined;
  return `Key attribute's data type should match its data type in table's schema: Key ${wrong.name}`;
}

function refusalQuery(
  table: string,
  key: Item,
  conditions: readonly Condition[],
  parameters: readonly JsonObject[],
): JsonObject {
  const terms = expressionTerms([...parameters, ...Object.values(key)]);
  const isKey = Object.keys(key).map(
    (name, index) => `${terms.name(name)} = ${terms.value(parameters.length + index)}`,
  );
  const holds = conditions.map((condition) => conditionText(condition, terms));
  return {
    TableName: table,
    KeyConditionExpression: isKey.join(" AND "),
    FilterExpression: `NOT (${holds.join(" AND ")})`,
    ConsistentRead: true,
    ...terms.used(),
  };
}

function updateText(sets: readonly Assignment[], removes: readonly string[], terms: Terms): string {
  const assignments = sets.map(({ attribute, how, parameter }) => {
    const name = terms.name(attribute);
    const value = terms.value(parameter);
    return `${name} = ${how === "append" ? `list_append(${name}, ${value})` : value}`;
  });
  return [
    ...(assignments.length > 0 ? [`SET ${assignments.join(", ")}`] : []),
    ...(removes.length > 0 ? [`REMOVE ${removes.map((name) => terms.name(name)).join(", ")}`] : []),
  ].join(" ");
}

function conditionText(condition: Condition, terms: Terms): string {
  const name = terms.name(condition.attribute);
  switch (condition.operator) {
    case "IS MISSING":
      return `attribute_not_exists(${name})`;
    case "IS NOT MISSING":
      return `attribute_exists(${name})`;
    default:
      return `${name} ${condition.operator} ${terms.value(condition.parameter)}`;
  }
}

type Terms = ReturnType<typeof expressionTerms>;

/** Stand-ins for the names and values of an expression. It may not come with one that it does not use. */
function expressionTerms(parameters: readonly JsonObject[]) {
  const names = new Map<string, string>();
  const values = new Map<string, JsonObject>();
  return {
    name(attribute: string): string {
      const known = [...names].find(([, name]) => name === attribute)?.[0];
      const standIn = known ?? `#n${names.size}`;
      names.set(standIn, attribute);
      return standIn;
    },
    value(parameter: number): string {
      values.set(`:p${parameter}`, parameters[parameter] ?? {});
      return `:p${parameter}`;
    },
    used: () => ({
      ...(names.size > 0 && { ExpressionAttributeNames: Object.fromEntries(names) }),
      ...(values.size > 0 && { ExpressionAttributeValues: Object.fromEntries(values) }),
    }),
  };
}
