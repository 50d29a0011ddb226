import { createHash } from "node:crypto";
import type { EventLine } from "../events/eventLines.ts";
import type { PublishedLine } from "../events/publishEvents.ts";
import type { Policy } from "../policy/policy.ts";
import { attributeNames } from "../policy/policyRules.ts";
import { rosterSchema } from "../policy/rosterSettings.ts";
import { mergeRows, presenceAt } from "./mergeRows.ts";
import { eventLines, type RosterInput, type RosterPlan, reconcileRoster } from "./planRoster.ts";
import type { DirectoryListing } from "./readDirectory.ts";
import { readRoster } from "./readRoster.ts";
import type { Finding } from "./rosterChange.ts";
import type { OpenRoster, RememberedRoster, RosterMemory, RosterSource } from "./rosterPorts.ts";
import { RosterFault } from "./rosterRow.ts";

export interface WatchOptions {
  source: RosterSource;
  memory: RosterMemory;
  policy: Policy;
  /** Throws `DirectoryError`. */
  readAccounts: (accountIds: readonly string[]) => Promise<readonly DirectoryListing[]>;
  /** Absent where drift is to be reported and nothing done. */
  publish?: (lines: AsyncIterable<EventLine>) => AsyncIterable<PublishedLine>;
  /** Ends the reading of the roster. */
  signal: AbortSignal;
}

export type WatchedRoster =
  /** Nothing may come of it. `asOf` is absent where the roster's time itself is at fault. */
  | { kind: "disbelieved"; problems: readonly string[]; asOf?: number }
  | { kind: "compared"; plan: RosterPlan; publication: Publication };

export type Publication =
  | { kind: "reportOnly" }
  /** The events of this very roster are on the bus already, and nothing else can be done now. */
  | { kind: "publishedBefore" }
  /** `failures` counts what the bus did not accept, by code. */
  | { kind: "published"; accepted: number; failures: Readonly<Record<string, number>> };

/**
 * A stored roster in, what it would change out; and its events published, if told to. The roster is remembered before, so
 * that no other may take its time, and its circumstances once the bus has accepted all of its events: what is left is
 * published by the next run, under the same ids.
 *
 * As long as the circumstances stay as they were, the roster is compared again, but not published again: the ledger would
 * take its events for duplicates, and each that was rejected would be one more dead letter with every run. When they have
 * changed, that is the price of what can be done now and could not before.
 */
export async function watchRoster(options: WatchOptions): Promise<WatchedRoster> {
  const { source, memory, policy, readAccounts, publish, signal } = options;
  const last = await memory.recall();
  const taken = await take(source, policy, last, signal);
  if (taken.kind === "disbelieved") return taken;
  const { hand, etag } = taken;
  const { asOf } = hand;
  const disbelieve = (reason: string): WatchedRoster => ({ kind: "disbelieved", problems: [reason], asOf });
  if (last?.asOf === asOf && last.etag !== etag) return disbelieve(otherBytes(asOf));
  const judgement = await reconcileRoster(hand, readAccounts);
  if (judgement.kind === "disbelieved") return disbelieve(judgement.reason);
  const { plan } = judgement;
  const compared = (publication: Publication): WatchedRoster => ({ kind: "compared", plan, publication });
  if (publish === undefined) return compared({ kind: "reportOnly" });
  const circumstances = inputsDigest(plan.findings, policy);
  if (last?.asOf === asOf && last.circumstances === circumstances)
    return compared({ kind: "publishedBefore" });
  const roster = { present: plan.counts.present, asOf, etag };
  await memory.remember(roster);
  const published = await tally(publish(eventLines(plan.changes)));
  if (Object.keys(published.failures).length === 0) await memory.remember({ ...roster, circumstances });
  return compared(published);
}

/**
 * Decisions of a mended export with the first one's time would mend nothing: a return ties with the leave of that time and
 * loses, and what has the same event id is taken for a duplicate.
 */
function otherBytes(asOf: number): string {
  const time = new Date(asOf).toISOString();
  return `expected another time than ${time}, which the last roster had with other bytes; give the mended export a later as-of`;
}

type Taken =
  | { kind: "taken"; hand: RosterInput; etag: string }
  | Extract<WatchedRoster, { kind: "disbelieved" }>;

async function take(
  source: RosterSource,
  policy: Policy,
  last: RememberedRoster | undefined,
  signal: AbortSignal,
): Promise<Taken> {
  let opened: OpenRoster;
  try {
    opened = await source.open(signal);
  } catch (error) {
    if (!(error instanceof RosterFault)) throw error;
    return { kind: "disbelieved", problems: [error.message] };
  }
  const { bytes, asOf, etag } = opened;
  const settings = policy.roster ?? rosterSchema.parse({});
  const reading = await readRoster(bytes, {
    ...settings,
    askedAttributes: attributeNames(policy.accounts),
  });
  if (reading.kind === "broken") return { kind: "disbelieved", problems: reading.problems, asOf };
  const roster = mergeRows(reading.rows, presenceAt(asOf, settings.timeZone));
  return { kind: "taken", hand: { roster, asOf, last, policy, settings }, etag };
}

async function tally(
  lines: AsyncIterable<PublishedLine>,
): Promise<Extract<Publication, { kind: "published" }>> {
  const failures: Record<string, number> = {};
  let accepted = 0;
  for await (const result of lines) {
    if (result.status === "accepted") accepted += 1;
    else {
      const code = result.status === "refused" ? result.code : result.status;
      failures[code] = (failures[code] ?? 0) + 1;
    }
  }
  return { kind: "published", accepted, failures };
}

/** What may be done about later, without a newer roster: once an account is mended, or somebody has registered. */
const mayBeMended: readonly Finding["kind"][] = ["impossible", "awaited", "conflict"];

/**
 * A digest of what a roster's events depend on besides the roster: the policy, and what could not be done. As long as it is
 * the same, publishing the roster again would bring nothing new. Who was held, rejected or changed by hand makes no
 * difference to it.
 */
export function inputsDigest(findings: readonly Finding[], policy: Policy): string {
  const left = findings.filter(({ kind }) => mayBeMended.includes(kind)).map((each) => JSON.stringify(each));
  return createHash("sha256")
    .update(JSON.stringify([policy, left.toSorted()]))
    .digest("hex");
}
