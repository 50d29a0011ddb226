import type { AttributeValue, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Aspect } from "../../pipelineSettings.ts";
import type { WaitingKind } from "../pendingStore.ts";

/**
 * One table for everything that Rollcall remembers. Keys:
 *
 * | item     | pk                         | sk                |
 * |----------|----------------------------|-------------------|
 * | head     | `person#<personId>`        | `head#<aspect>`   |
 * | journal  | `person#<personId>`        | `event#<eventId>` |
 * | pending  | `person#<personId>`        | `pending#<kind>`, or `pending#<kind>#<place of its own>` |
 * | identity | `address#<account>#<email>`| `user`            |
 * | act      | `person#<personId>`, or `account#<account>` | `act#<time>#<id>` |
 * | safeguard| `safeguard`                | `account#<account>`|
 * | pauses   | `pauses`                   | `all`             |
 * | roster   | `roster`                   | `<place>`         |
 * | lot      | `lots#<queue>`             | `<time>#<lot>`    |
 * | forgotten| `forgotten`                | `<hash of the personId>`, and `register` |
 *
 * Everything about a person lies under one key, so a person's history is one query. `personId` has its namespace in front, where
 * the policy names one (`bamboohr/1042`). The keys of another target than the default one name it: `head#<aspect>@<target>`,
 * `event@<target>#<eventId>`, `pending#<kind>@<target>`.
 */
export interface LedgerTable {
  dynamo: DynamoDBClient;
  tableName: string;
}

export type Item = Record<string, AttributeValue>;

export const personKey = (personId: string) => ({ pk: { S: `person#${personId}` } });
export const headKey = (personId: string, aspect: Aspect, target?: string) => ({
  ...personKey(personId),
  sk: { S: `head#${aspect}${ofTarget(target)}` },
});
export const eventKey = (personId: string, eventId: string, target?: string) => ({
  ...personKey(personId),
  // Before the id, which may hold any character.
  sk: { S: `event${ofTarget(target)}#${eventId}` },
});
export const pendingKey = (personId: string, kind: WaitingKind, target?: string, ownPlace?: string) => ({
  ...personKey(personId),
  sk: { S: `pending#${kind}${ofTarget(target)}${ownPlace === undefined ? "" : `#${ownPlace}`}` },
});

/** What an operator did at the directory; by its time. */
export const actPrefix = "act#";
export const accountKey = (accountId: string) => ({ pk: { S: `account#${accountId}` } });
export const actKey = (about: { pk: { S: string } }, at: string, id: string) => ({
  ...about,
  sk: { S: `${actPrefix}${at}#${id}` },
});

/** The keys without a target are those of the default one. */
const ofTarget = (target: string | undefined) => (target === undefined ? "" : `@${target}`);

export const addressKey = (accountId: string, email: string) => ({
  pk: { S: `address#${accountId}#${email}` },
  sk: { S: "user" },
});
/** One partition for all accounts, so that an operator sees them in one query; there are few, seldom written. */
export const safeguardPartition = "safeguard";
export const safeguardKey = (accountId: string) => ({
  pk: { S: safeguardPartition },
  sk: { S: `account#${accountId}` },
});

/** One item for all pauses: each batch reads it, and operators write it seldom. */
export const pausesPartition = "pauses";
export const pausesKey = { pk: { S: pausesPartition }, sk: { S: "all" } };

/** The partition of the last roster of each place. */
export const rosterPartition = "roster";
export const rosterKey = (place: string) => ({ pk: { S: rosterPartition }, sk: { S: place } });

/** The partition of the hashes of forgotten people's ids. */
export const forgottenPartition = "forgotten";
export const forgottenKey = (hash: string) => ({ pk: { S: forgottenPartition }, sk: { S: hash } });

/** The partition of a queue's unfinished lots (`src/queue/lots.ts`). */
export const lotPartition = (queue: string) => `lots#${queue}`;
export const lotKey = (queue: string, id: string) => ({ pk: { S: lotPartition(queue) }, sk: { S: id } });

/** The index of pending items, by their time (`pendingItems.ts`). Only they have its attributes. */
export const dueIndex = { name: "due", partition: "duePartition", sort: "dueAt" } as const;

/** The index of people's heads by e-mail address. Keys only, so it costs a write only when an address changes. */
export const emailIndex = { name: "email", partition: "email" } as const;

/** One text for the key of an item; equal for equal keys only. */
export const keyText = ({ pk, sk }: Item): string => `${pk?.S} ${sk?.S}`;

/**
 * The index of journal entries by the hour of their latest outcome, from which "what happened last night" is read. An hour is
 * spread over shards, because a partition takes 1,000 writes a second. Entries of earlier releases are not in it.
 */
export const timeIndex = { name: "time", partition: "hour", sort: "settledAt", shards: 8 } as const;

/** The partition of an entry: `2026-05-14T08#3`. */
export function hourOf(settledAt: string, eventId: string): string {
  let shard = 0;
  for (let index = 0; index < eventId.length; index += 1)
    shard = (shard * 31 + eventId.charCodeAt(index)) % timeIndex.shards;
  return hourPartition(settledAt.slice(0, 13), shard);
}

/** @param hour as ISO 8601 begins: `2026-05-14T08` */
export const hourPartition = (hour: string, shard: number) => `${hour}#${shard}`;

/** Attributes of an item, as DynamoDB writes them: `{"S": "text"}`, `{"SS": ["text"]}` and `{"N": "1"}`. */
export const textAttribute = z.object({ S: z.string() }).transform(({ S }) => S);
export const textsAttribute = z.object({ SS: z.array(z.string()) }).transform(({ SS }) => SS);
export const numberAttribute = z.object({ N: z.string() }).transform(({ N }) => Number(N));

/** A map of attributes within an item, such as `{"M": {"status": {"S": "registered"}}}`. */
export function mapOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object({ M: z.object(shape) }).transform(({ M }) => M);
}

export function textsMap(texts: object): Item {
  const map: Item = {};
  for (const [name, value] of Object.entries(texts)) if (value !== undefined) map[name] = { S: value };
  return map;
}

/** How a user was before a decision, as a journal entry and a head keep it. */
export const userBeforeShape = {
  status: textAttribute,
  license: textAttribute.exactOptional(),
  seenAt: textAttribute.exactOptional(),
};

/**
 * Reads an item of the ledger. Throws for one that this version does not write, and names the attribute. The error's `item` is
 * the key, for an operator. It is not in the message, because it holds a person's id and the message may be logged.
 */
export function readItem<T extends z.ZodType>(schema: T, item: Item): z.output<T> {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  const kind = item.sk?.S?.split("#")[0] ?? "unknown";
  const error = new Error(
    `an item of the ledger (${kind}) is not as this version of Rollcall writes it (${problems.join("; ")}); read it with the version that is deployed`,
  );
  throw Object.assign(error, { item: keyText(item) });
}
