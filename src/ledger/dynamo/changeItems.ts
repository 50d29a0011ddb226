import { setTimeout as sleep } from "node:timers/promises";
import { type Item, keyText, type LedgerTable } from "./ledgerTable.ts";
import { readItems } from "./readItems.ts";
import { executeStatements, type Statement, type StatementAnswer, toStatement } from "./statements.ts";

/** A change of one item: what it becomes depends on what it is. */
export interface ItemChange<Answer> {
  key: Item;
  /**
   * The item as this process knows it, so that it need not be read at first; `null` where it probably is not there. If that
   * is wrong, nothing is written, and the item is read.
   */
  expected?: Item | null | undefined;
  /** Pure, because it is asked again whenever somebody else was faster. Without `next` nothing is written. */
  decide: (item: Item | undefined) => { answer: Answer; next?: Item };
}

/** What came of a change. */
export type Changed<Answer> =
  | { kind: "decided"; answer: Answer; written: Item | undefined }
  /** It may have been written, or not. */
  | { kind: "unknown"; error: unknown };

/** The times that a change is tried, each after reading what others have written. */
const tries = 6;
const firstPauseMilliseconds = 20;

/**
 * Changes items on condition that nobody has changed their guarded attributes since they were read: one answer for each, in
 * their order. Whoever loses reads and decides again. Reads and writes travel in batches of 100 and 25, but each item has an
 * answer of its own. Changes of one item are made one after the other.
 *
 * @param guarded the names of the attributes that decide. Their values are compared, not a revision: so the workers of an older
 * release, which know of no revision, are noticed too.
 */
export async function changeItems<Answer>(
  table: LedgerTable,
  changes: readonly ItemChange<Answer>[],
  guarded: readonly string[],
): Promise<Changed<Answer>[]> {
  const all = changes.map((change) => new OpenChange(change));
  let open = all;
  while (open.length > 0) {
    const turn = firstOfEachItem(open);
    await readUnknown(table, turn);
    await write(table, turn, guarded);
    const throttled = Math.max(...turn.map((change) => change.throttled));
    open = open.filter(({ changed }) => changed === undefined);
    if (open.length > 0 && throttled > 0)
      await sleep(firstPauseMilliseconds * 2 ** throttled * (0.5 + Math.random()));
  }
  return all.map(({ changed }) => changed ?? neverTried);
}

const neverTried = { kind: "unknown", error: new Error("it was never tried") } as const;

/** A change that is under way. */
class OpenChange<Answer> {
  readonly change: ItemChange<Answer>;
  readonly keyText: string;
  changed: Changed<Answer> | undefined;
  /** The item as it is believed to be; `undefined` if it has to be read. */
  known: { item: Item | undefined } | undefined;
  /** The next item and the answer that it makes true. */
  planned: { answer: Answer; next: Item } | undefined;
  tries = 0;
  throttled = 0;

  constructor(change: ItemChange<Answer>) {
    this.change = change;
    this.keyText = keyText(change.key);
    if (change.expected !== undefined) this.known = { item: change.expected ?? undefined };
  }

  /** Returns the statement to execute, or `undefined` where there is nothing to write. */
  plan(tableName: string, guarded: readonly string[]): Statement | undefined {
    const { key, decide } = this.change;
    const before = this.known?.item;
    try {
      const { answer, next } = decide(before);
      const statement =
        next === undefined ? undefined : toStatement(tableName, { key, before, after: next, guarded });
      if (next === undefined || statement === undefined) {
        this.changed = { kind: "decided", answer, written: undefined };
        return undefined;
      }
      this.planned = { answer, next };
      return statement;
    } catch (error) {
      // An item that cannot be read, or a defect: it is this change's fault alone.
      this.changed = { kind: "unknown", error };
      return undefined;
    }
  }

  take(answer: StatementAnswer): void {
    this.tries += 1;
    this.known = undefined;
    if (answer.kind === "written" && this.planned !== undefined)
      this.changed = { kind: "decided", answer: this.planned.answer, written: this.planned.next };
    else if (answer.kind === "unknown") this.changed = answer;
    else if (answer.kind === "throttled") this.throttled += 1;
    if (this.changed !== undefined || this.tries < tries) return;
    const error = answer.kind === "throttled" ? answer.error : new Error("others kept changing it");
    this.changed = { kind: "unknown", error };
  }
}

/** DynamoDB refuses a request in which an item stands twice. */
function firstOfEachItem<Answer>(open: readonly OpenChange<Answer>[]): OpenChange<Answer>[] {
  const first = new Map<string, OpenChange<Answer>>();
  for (const change of open) if (!first.has(change.keyText)) first.set(change.keyText, change);
  return [...first.values()];
}

async function readUnknown<Answer>(table: LedgerTable, turn: readonly OpenChange<Answer>[]): Promise<void> {
  const unknown = turn.filter(({ known }) => known === undefined);
  const answers = await readItems(
    table,
    unknown.map(({ change }) => change.key),
  );
  for (const [index, one] of unknown.entries()) {
    const answer = answers[index];
    if (answer?.kind === "read") one.known = { item: answer.item };
    else one.changed = { kind: "unknown", error: answer?.error };
  }
}

async function write<Answer>(
  table: LedgerTable,
  turn: readonly OpenChange<Answer>[],
  guarded: readonly string[],
): Promise<void> {
  const planned: { change: OpenChange<Answer>; statement: Statement }[] = [];
  for (const change of turn) {
    if (change.changed !== undefined) continue;
    const statement = change.plan(table.tableName, guarded);
    if (statement !== undefined) planned.push({ change, statement });
  }
  const answers = await executeStatements(
    table,
    planned.map(({ statement }) => statement),
  );
  for (const [index, { change }] of planned.entries()) change.take(answers[index] ?? neverTried);
}

/** Changes one item, and throws if nobody knows whether it was changed: what the SDK throws, if it did. */
export async function changeItem<Answer>(
  table: LedgerTable,
  change: ItemChange<Answer>,
  guarded: readonly string[],
): Promise<Answer> {
  const [changed = neverTried] = await changeItems(table, [change], guarded);
  if (changed.kind === "unknown") throw changed.error;
  return changed.answer;
}
