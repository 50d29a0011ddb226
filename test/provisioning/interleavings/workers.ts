import type { CallEntry } from "../../../src/directory/directory.ts";
import { callBudget } from "../../../src/lambda/settings.ts";
import { memoryForgottenPeople } from "../../../src/ledger/forgottenPeople.ts";
import { memoryObservations } from "../../../src/ledger/memory/memoryLedger.ts";
import { publishDue } from "../../../src/ledger/publishDue.ts";
import { type Intent, pipelines } from "../../../src/pipelineSettings.ts";
import { policySchema } from "../../../src/policy/policy.ts";
import { toPolicyRules } from "../../../src/policy/policyRules.ts";
import type { Outcome } from "../../../src/provisioning/outcome.ts";
import { type BatchContext, processBatch } from "../../../src/provisioning/processBatch.ts";
import { memorySafeguardStore } from "../../../src/safeguard/safeguard.ts";
import { beginning, bodyOfEntry, graceDays, lowered, type Person, roleOf, userIdOf } from "./scenario.ts";
import { isOrderedAfter } from "./spans.ts";
import { steppedDirectory } from "./steppedDirectory.ts";
import { steppedLedger } from "./steppedLedger.ts";
import { StoreDown, steppedBus, steppedIdentityCache, steppedPendingStore } from "./steppedStores.ts";
import type { Worker } from "./steps.ts";
import type { Message, World } from "./world.ts";

const invocationMilliseconds = 120_000;
const backOffMilliseconds = 40_000;

const licensePerRole = { [roleOf.Basic]: "Basic", [roleOf.Pro]: "Pro" };
const rules = toPolicyRules(
  policySchema.parse({
    accounts: ["team", "lwa"].map((id) => ({ id, domains: [`${id}.example`], licensePerRole })),
    afterSuspension: { license: { to: lowered, afterDays: graceDays } },
  }),
);

/** Starts an invocation of a pipeline's function with a batch. It runs as far as its first step, and on from there. */
export function startInvocation(world: World, pipeline: Intent, messages: readonly Message[]): void {
  world.queues.take(messages);
  const batch = messages.map(({ decision }) => decision);
  const worker: Worker = {
    name: `${pipeline}#${world.workers.length + 1}`,
    alive: true,
    until: world.now + invocationMilliseconds,
    abandon() {
      for (const decision of batch) world.history.add({ kind: "excused", decision });
      world.queues.putBack(messages, world.now);
    },
  };
  world.workers.push(worker);
  world.steps.begin(worker);
  world.history.log(`${worker.name} starts with ${messages.map(describe).join(", ")}`);
  const records = messages.map(({ body, receives }) => ({
    body,
    receiveCount: receives,
    receivedAt: beginning,
  }));
  // The receives of a message that is put back grow.
  const given = messages.map((message) => ({ ...message }));
  processBatch(records, contextOf(world, pipeline, worker, given))
    .then(({ outcomes }) => report(world, worker, messages, outcomes))
    .catch((error: unknown) => {
      world.defects.push(error);
      worker.alive = false;
    });
}

function describe({ decision, receives }: Message): string {
  return receives > 1 ? `${decision.id} (receive ${receives})` : decision.id;
}

/**
 * Whose effect a call about a person is: that of the newest decision in the batch that is in effect. A follow-up may be obsolete, and
 * asks for a license that nothing else asks for.
 */
function newestMessage(
  messages: readonly Message[],
  person: Person,
  licenseType: string | undefined,
  { history, scenario }: Pick<World, "history" | "scenario">,
  now: number,
): NewestMessage | undefined {
  const candidates = messages.filter(({ decision }) => {
    const { personId, effectiveAt = decision.occurredAt, occurredAt } = decision;
    const isInEffect = effectiveAt <= now || effectiveAt === occurredAt;
    const isMeant = licenseType === undefined || decision.licenseType === licenseType;
    return personId === person.personId && isInEffect && isMeant && !decision.isOfAbsence;
  });
  const [first, ...others] = candidates;
  if (first === undefined) return undefined;
  const { facts } = history;
  const isAfter = (one: Message, best: Message) =>
    isOrderedAfter(one.decision, best.decision, facts, scenario.decisions);
  const newest = others.reduce((best, one) => (isAfter(one, best) ? one : best), first);
  return { decision: newest.decision, receives: newest.receives };
}

type NewestMessage = Pick<Message, "decision" | "receives">;

function contextOf(
  world: World,
  pipeline: Intent,
  worker: Worker,
  messages: readonly Message[],
): BatchContext {
  const { store, steps, history, requests, directory, accounts, scans } = world;
  const clock = () => world.now;
  const beganAt = world.now;
  const began = history.facts.length;
  const about = ({ target, license }: CallEntry): NewestMessage => {
    const person = world.scenario.people.find(({ email }) => target === email || target === userIdOf(email));
    const message = person && newestMessage(messages, person, license, world, beganAt);
    if (message !== undefined) return message;
    throw new RangeError(`expected a call about somebody in the batch; got ${target} ${license}`);
  };
  return {
    pipeline: pipelines[pipeline],
    rules,
    accounts,
    scans,
    clock,
    concurrency: 4,
    lease: { owner: worker.name, now: world.now, until: worker.until },
    budget: callBudget(() => worker.until - world.now),
    directory: steppedDirectory(directory, steps, worker, {
      onEffect: ({ operation }, entry, before) =>
        history.add({
          kind: "effect",
          ...about(entry),
          began,
          beganAt,
          isNeedlessInvitation:
            operation === "create" && before !== undefined && before.state !== "suspended",
        }),
      onAnswerLost: ({ entries }) => {
        for (const entry of entries) history.add({ kind: "excused", decision: about(entry).decision });
      },
      onDisowned: ({ entries }) => {
        for (const entry of entries) history.add({ kind: "disowned", decision: about(entry).decision });
      },
    }),
    ledger: steppedLedger(requests, steps, worker, (eventId, as) =>
      history.add({ kind: "stands", decision: world.decision(eventId), as, at: world.now }),
    ),
    // No trial is under way here, and nothing is paused.
    observations: memoryObservations(store),
    pauses: { read: async () => [] },
    pending: steppedPendingStore(store, steps, worker),
    identities: steppedIdentityCache(store, steps, worker),
    forgotten: memoryForgottenPeople(),
    // It is off here: what its count does under concurrency is tested by itself.
    safeguard: { store: memorySafeguardStore(), limitsOf: () => undefined, onFault: () => undefined },
  };
}

/** The invocation's answer to SQS: what is not to be retried leaves the queue. */
async function report(
  world: World,
  worker: Worker,
  messages: readonly Message[],
  outcomes: readonly Outcome[],
) {
  if (outcomes.length !== messages.length)
    throw new RangeError(`expected ${messages.length} outcomes; got ${outcomes.length}`);
  await world.steps.request({
    worker,
    text: "reports",
    effect: () => outcomes.map(({ kind }) => kind),
    toText: (kinds) => kinds.join(", "),
  });
  worker.alive = false;
  for (const [index, message] of messages.entries()) {
    const outcome = outcomes[index];
    const { decision } = message;
    if (outcome?.kind === "retry") {
      if (outcome.code === "LedgerUnavailable") world.history.add({ kind: "excused", decision });
      world.queues.putBack([message], world.now + backOffMilliseconds);
    } else if (outcome !== undefined) world.history.add({ kind: "ended", decision, outcome });
  }
}

const publisherMilliseconds = 60_000;

/** Starts the function that publishes what is due. */
export function startPublisher(world: World): void {
  const { steps, store, queues } = world;
  const worker: Worker = {
    name: `publisher#${world.workers.length + 1}`,
    alive: true,
    until: world.now + publisherMilliseconds,
    abandon: () => {},
  };
  world.workers.push(worker);
  world.steps.begin(worker);
  publishDue({
    pending: steppedPendingStore(store, steps, worker),
    bus: steppedBus(steps, worker, (entry) => {
      const { id, body } = bodyOfEntry(entry);
      queues.send(world.decision(id), body);
    }),
    sleep: () => Promise.resolve(),
    random: () => 0,
    now: world.now,
  })
    .catch((error: unknown) => {
      if (!(error instanceof StoreDown)) world.defects.push(error);
    })
    .finally(() => {
      worker.alive = false;
    });
}

export const isPublisher = ({ name }: Worker) => name.startsWith("publisher");
