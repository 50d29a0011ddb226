import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import { compareDecisions, timesOf } from "../decisionOrder.ts";
import { supersedeEntry } from "../journal.ts";
import type { Claim, ClaimResult, CommitAnswer } from "../ledger.ts";
import { besidePlace, type WaitingKind } from "../pendingStore.ts";
import { changeEntry } from "./journalItems.ts";
import { type Item, type LedgerTable, pendingKey } from "./ledgerTable.ts";
import { orderOf } from "./pendingItems.ts";
import { executeStatements, type Statement, type StatementAnswer } from "./statements.ts";

type Standing = Extract<ClaimResult, { kind: "stand" }>;
type Failed = Extract<CommitAnswer, { kind: "fault" }>;

/** What waits no longer because a decision stands; the kinds are those of decisions that have one place for each. */
type Replaced = { kind: "replaced"; kinds: readonly WaitingKind[] } | Failed;

const entriesAtOnce = 8;

/**
 * Removes what the decisions that are to stand replace, and tells the journal of those whose ids are known: one answer for each result,
 * in their order. A worker that dies before the head moves does it again.
 */
export async function replaceWaiting(table: LedgerTable, results: readonly Standing[]): Promise<Replaced[]> {
  const cancellations = results.flatMap((result, index) =>
    cancellationsOf(result).map((each) => ({ ...each, index })),
  );
  const kinds = results.map((): WaitingKind[] => []);
  const failed = new Map<number, Failed>();
  for (const [position, answer] of (await cancelWaiting(table, cancellations)).entries()) {
    const cancellation = cancellations[position];
    if (cancellation === undefined) continue;
    const { index, kind, ownPlace } = cancellation;
    if (answer.kind === "fault") failed.set(index, answer);
    else if (answer.kind === "gone" && ownPlace === undefined) kinds[index]?.push(kind);
  }
  return pMap(
    results,
    async (result, index): Promise<Replaced> => {
      const fault = failed.get(index) ?? (await tellReplaced(table, result));
      return fault ?? { kind: "replaced", kinds: kinds[index] ?? [] };
    },
    { concurrency: entriesAtOnce },
  );
}

function cancellationsOf({ claim, pending, replaces = [] }: Standing): Cancellation[] {
  return [
    ...pending.map((kind) => ({ claim, kind })),
    ...replaces.map((note) => ({ claim, kind: note.intent, ownPlace: besidePlace(note) })),
  ];
}

async function tellReplaced(
  table: LedgerTable,
  { claim: { personId, eventId }, entry: { settledAt }, replaces = [] }: Standing,
): Promise<Failed | undefined> {
  try {
    for (const note of replaces)
      if (note.eventId !== eventId)
        await changeEntry(table, { personId, eventId: note.eventId }, (entry) =>
          supersedeEntry(entry, eventId, settledAt),
        );
    return undefined;
  } catch (error) {
    const reason = `the journal did not take the entry of what is superseded: ${error}`;
    return { kind: "fault", reason };
  }
}

/** A waiting decision that a newer one of the same person cancels. */
interface Cancellation {
  claim: Pick<Claim, "personId" | "version" | "busTime">;
  kind: WaitingKind;
  /** The place of one that waits beside others of its kind. */
  ownPlace?: string;
}

type CancelAnswer =
  /** It does not wait any more. */
  | { kind: "gone" }
  /** A newer one waits, and stays. */
  | { kind: "newer" }
  | Extract<CommitAnswer, { kind: "fault" }>;

/** Removes waiting decisions that are not newer than the claim: one answer for each, in their order. */
async function cancelWaiting(
  table: LedgerTable,
  cancellations: readonly Cancellation[],
): Promise<CancelAnswer[]> {
  const statements = cancellations.map(({ claim: { personId, version }, kind, ownPlace }) =>
    toDeletion(table, pendingKey(personId, kind, undefined, ownPlace), `"version" < ?`, [
      { S: timesOf(version) ?? version },
    ]),
  );
  const answers = await executeStatements(table, statements);
  return Promise.all(
    answers.map((answer, index) => {
      const cancellation = cancellations[index];
      const found = answer.kind === "refused" ? answer.item : undefined;
      return cancellation !== undefined && found !== undefined
        ? cancelIfNotNewer(table, cancellation, found)
        : toCancelAnswer(answer);
    }),
  );
}

/** What was decided at another time sorts before it or after it. Of decisions with the same times DynamoDB cannot tell the newer one. */
async function cancelIfNotNewer(
  table: LedgerTable,
  { claim, kind, ownPlace }: Cancellation,
  found: Item,
): Promise<CancelAnswer> {
  if (compareDecisions(orderOf(found), claim) > 0) return { kind: "newer" };
  const { token } = found;
  if (token === undefined) return { kind: "newer" };
  const [answer] = await executeStatements(table, [
    toDeletion(table, pendingKey(claim.personId, kind, undefined, ownPlace), `"token" = ?`, [token]),
  ]);
  return answer === undefined ? { kind: "newer" } : toCancelAnswer(answer);
}

function toDeletion(
  { tableName }: LedgerTable,
  { pk, sk }: ReturnType<typeof pendingKey>,
  condition: string,
  values: AttributeValue[],
): Statement {
  return {
    Statement: `DELETE FROM "${tableName}" WHERE "pk" = ? AND "sk" = ? AND ${condition}`,
    Parameters: [pk, sk, ...values],
    // Otherwise one that is newer could not be told from none.
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
}

function toCancelAnswer(answer: StatementAnswer): CancelAnswer {
  switch (answer.kind) {
    case "written":
      return { kind: "gone" };
    case "refused":
      return { kind: answer.item === undefined ? "gone" : "newer" };
    case "throttled":
    case "unknown":
      return { kind: "fault", reason: `the ledger did not take the result: ${answer.error}` };
  }
}
