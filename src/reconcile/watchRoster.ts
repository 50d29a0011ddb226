import { createHash } from "node:crypto";
import type { EventLine } from "../events/eventLines.ts";
import type { PublishedLine } from "../events/publishEvents.ts";
import type { Policy } from "../policy/policy.ts";
import {
  eventLines,
  type RosterInput,
  type RosterPlan,
  readMergedRoster,
  reconcileRoster,
} from "./planRoster.ts";
import { readingOptions } from "./reading/readRoster.ts";
import { RosterFault } from "./reading/rosterRow.ts";
import type { RosterUnderstanding } from "./reading/understanding.ts";
import type { Finding } from "./rosterChange.ts";
import type {
  OpenRoster,
  RememberedRoster,
  RosterAddresses,
  RosterDirectory,
  RosterMemory,
  RosterSource,
} from "./rosterPorts.ts";

export interface WatchOptions {
  source: RosterSource;
  memory: RosterMemory;
  policy: Policy;
  directory: RosterDirectory;
  addresses?: RosterAddresses;
  /** Absent where drift is only to be reported. */
  publish?: (lines: AsyncIterable<EventLine>) => AsyncIterable<PublishedLine>;
  /** Ends the reading of the roster. */
  signal: AbortSignal;
}

export type WatchedRoster =
  | { kind: "compared"; plan: RosterPlan; publication: Publication; understanding: RosterUnderstanding }
  /** Nothing is published. `asOf` is absent where the roster's time itself is at fault. */
  | { kind: "rejected"; problems: readonly string[]; asOf?: number; understanding?: RosterUnderstanding };

export type Publication =
  | { kind: "reportOnly" }
  /** The events of this very roster are on the bus already, and nothing else can be done now. */
  | { kind: "publishedBefore" }
  /** `failures` counts the events that the bus did not accept, by code. */
  | { kind: "published"; accepted: number; failures: Readonly<Record<string, number>> };

/**
 * Reconciles a stored roster with the directory, and publishes the events of the changes if there is a `publish`. The roster
 * is remembered before, so that no other may take its time, and its inputs digest once the bus has accepted all of its events:
 * the next run publishes the rest, under the same ids.
 *
 * As long as the inputs digest stays the same, the roster is compared again, but not published again: the ledger would
 * take its events for duplicates, and each rejected one would be one more dead letter with every run. When the digest has
 * changed, those dead letters are the price of the changes that are possible now and were not before.
 */
export async function watchRoster(options: WatchOptions): Promise<WatchedRoster> {
  const { source, memory, policy, publish, signal } = options;
  const last = await memory.recall();
  const read = await readStoredRoster(source, policy, last, signal);
  if (read.kind === "rejected") return read;
  const { input, etag, understanding } = read;
  const { asOf } = input;
  const reject = (reason: string): WatchedRoster => ({
    kind: "rejected",
    problems: [reason],
    asOf,
    understanding,
  });
  if (last?.asOf === asOf && last.etag !== etag) return reject(sameTimeWithOtherBytes(asOf));
  const reconciliation = await reconcileRoster(input, options);
  if (reconciliation.kind === "rejected") return reject(reconciliation.reason);
  const { plan } = reconciliation;
  const compared = (publication: Publication): WatchedRoster => ({
    kind: "compared",
    plan,
    publication,
    understanding,
  });
  if (publish === undefined) return compared({ kind: "reportOnly" });
  const digest = inputsDigest(plan.findings, policy);
  if (last?.asOf === asOf && last.inputsDigest === digest) return compared({ kind: "publishedBefore" });
  const roster = { present: plan.counts.present, asOf, etag };
  await memory.remember(roster);
  const publication = await countPublished(publish(eventLines(plan.changes)));
  const isComplete = Object.keys(publication.failures).length === 0;
  if (isComplete) await memory.remember({ ...roster, inputsDigest: digest });
  return compared(publication);
}

/**
 * Decisions of a mended export with the first one's time would mend nothing: a return ties with the leave of that time and
 * loses, and an event with the same id is taken for a duplicate.
 */
function sameTimeWithOtherBytes(asOf: number): string {
  const time = new Date(asOf).toISOString();
  return `expected another time than ${time}, which the last roster had with other bytes; give the mended export a later as-of`;
}

type ReadStoredRoster =
  | { kind: "read"; input: RosterInput; etag: string; understanding: RosterUnderstanding }
  | Extract<WatchedRoster, { kind: "rejected" }>;

async function readStoredRoster(
  source: RosterSource,
  policy: Policy,
  last: RememberedRoster | undefined,
  signal: AbortSignal,
): Promise<ReadStoredRoster> {
  let opened: OpenRoster;
  try {
    opened = await source.open(signal);
  } catch (error) {
    if (!(error instanceof RosterFault)) throw error;
    return { kind: "rejected", problems: [error.message] };
  }
  const { bytes, asOf, etag } = opened;
  const settings = readingOptions(policy);
  const read = await readMergedRoster(bytes, asOf, settings);
  const { understanding } = read;
  if (read.kind === "broken") {
    const understood = understanding !== undefined && { understanding };
    return { kind: "rejected", problems: read.problems, asOf, ...understood };
  }
  const { roster } = read;
  return {
    kind: "read",
    input: { roster, asOf, last, policy, settings },
    etag,
    understanding: read.understanding,
  };
}

async function countPublished(
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

/** Findings that may become changes without a newer roster: once an account is mended, or somebody has registered. */
const mayBecomeChanges: readonly Finding["kind"][] = ["impossible", "awaited", "conflict"];

/**
 * A digest of what a roster's events depend on besides the roster: the policy, and the findings that may become changes. As
 * long as it is the same, publishing the roster again would bring nothing new. It does not depend on whose event was held or
 * rejected, nor on who was changed by hand.
 */
export function inputsDigest(findings: readonly Finding[], policy: Policy): string {
  const open = findings
    .filter(({ kind }) => mayBecomeChanges.includes(kind))
    .map((finding) => JSON.stringify(finding));
  return createHash("sha256")
    .update(JSON.stringify([policy, open.toSorted()]))
    .digest("hex");
}
