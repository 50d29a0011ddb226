import type { DrainContext } from "../../../src/drain/drain.ts";
import { callBudget } from "../../../src/functions/callBudget.ts";
import { type Intent, pipelines } from "../../../src/pipelines.ts";
import { accountFinder } from "../../../src/policy/accountFinder.ts";
import { policySchema } from "../../../src/policy/policy.ts";
import { roleOf } from "./eventBody.ts";
import { isNewer } from "./oracle.ts";
import type { Message } from "./queues.ts";
import { userIdOf } from "./scenario.ts";
import { type CallWitness, steppedDirectory } from "./steppedDirectory.ts";
import { steppedIdentityCache } from "./steppedIdentityCache.ts";
import { steppedLedger } from "./steppedLedger.ts";
import { steppedPendingStore } from "./steppedPendingStore.ts";
import type { Worker } from "./steps.ts";
import type { World } from "./world.ts";

const licensePerRole = { [roleOf.Basic]: "Basic", [roleOf.Pro]: "Pro" };
const findAccount = accountFinder(
  policySchema.parse({
    accounts: ["team", "lwa"].map((id) => ({ id, domains: [`${id}.example`], licensePerRole })),
  }),
);

/** What an invocation's drain is given: the real stages' context, with every port passing through the schedule. */
export function invocationContext(
  world: World,
  pipeline: Intent,
  worker: Worker,
  messages: readonly Message[],
): DrainContext {
  const { store, steps, history, requests, directory, accounts, pagesOfAccount } = world;
  return {
    pipeline: pipelines[pipeline],
    findAccount,
    accounts,
    pagesOfAccount,
    clock: () => world.now,
    concurrency: 4,
    lease: { owner: worker.name, now: world.now, until: worker.until },
    budget: callBudget(() => worker.until - world.now),
    directory: steppedDirectory(directory, steps, worker, witness(world, leadersOf(messages, world.now))),
    ledger: steppedLedger(requests, steps, worker, (eventId, as) =>
      history.add({ kind: "settled", decision: world.decision(eventId), as }),
    ),
    pending: steppedPendingStore(store, steps, worker),
    identities: steppedIdentityCache(store, steps, worker),
  };
}

/** Who knows which decision is behind a call, and notes what became of it. */
function witness({ history, person }: World, leaders: ReadonlyMap<string, Leader>): CallWitness {
  const about = (target: string): Leader => {
    for (const [personId, leader] of leaders) {
      const { email } = person(personId);
      if (target === email || target === userIdOf(email)) return leader;
    }
    throw new RangeError(`expected a call about somebody in the batch; got ${target}`);
  };
  return {
    onEffect({ operation }, { target }, before) {
      const isKnown = before !== undefined && before.status !== "suspended";
      const isNeedlessInvitation = operation === "invite" && isKnown;
      history.add({ kind: "effect", ...about(target), isNeedlessInvitation });
    },
    onAnswerLost({ entries }) {
      for (const { target } of entries) history.add({ kind: "excused", decision: about(target).decision });
    },
    onDisowned({ entries }) {
      for (const { target } of entries) history.add({ kind: "disowned", decision: about(target).decision });
    },
  };
}

/** The decision that is carried out for a person, and how often its message was received. */
type Leader = Pick<Message, "decision" | "receives">;

/** Whose effect a call is: of each person the newest decision in the batch that is in effect. */
function leadersOf(messages: readonly Message[], now: number): Map<string, Leader> {
  const leaders = new Map<string, Leader>();
  for (const { decision, receives } of messages) {
    const { personId, effectiveAt = decision.occurredAt, occurredAt } = decision;
    if (effectiveAt > now && effectiveAt !== occurredAt) continue;
    const leader = leaders.get(personId);
    if (leader === undefined || isNewer(decision, leader.decision))
      leaders.set(personId, { decision, receives });
  }
  return leaders;
}
