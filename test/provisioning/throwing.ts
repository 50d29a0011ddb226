import fc from "fast-check";
import type { Directory } from "../../src/directory/directory.ts";
import { memoryLedger, memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import { memoryIdentityCache, memoryPendingStore } from "../../src/ledger/memory/memoryPorts.ts";
import { type Intent, pipelines } from "../../src/pipelineSettings.ts";
import { policySchema } from "../../src/policy/policy.ts";
import { type PolicyRules, toPolicyRules } from "../../src/policy/policyRules.ts";
import type { Decision, QueueRecord } from "../../src/provisioning/decision.ts";
import type { Outcome } from "../../src/provisioning/outcome.ts";
import { memorySafeguardStore } from "../../src/safeguard/safeguard.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { aRecord, type EventSample } from "./records.ts";
import { runBatch } from "./runBatch.ts";
import { aUser, noon } from "./samples.ts";

/**
 * Where it throws, for one person alone. A decision's field throws when it is read for the nth time after the policy was applied,
 * so it throws in whatever stage that happens to be. A port throws for every call that is about the person: `after` it did its work,
 * or before.
 */
export type Throw =
  | { at: "record" }
  | { at: (typeof fields)[number]; read: number }
  | { at: (typeof rules)[number] }
  | { at: (typeof ports)[number]; after: boolean }
  | { at: (typeof answers)[number] };

const fields = [
  "personId",
  "email",
  "previousEmails",
  "userId",
  "accountId",
  "version",
  "eventId",
  "effectiveAt",
  "occurredAt",
  "receiveCount",
  "receivedAt",
  "licenseType",
  "follows",
  "intent",
  "urgent",
] as const satisfies readonly (keyof Decision)[];
const rules = ["findExclusion", "findAccount", "findLeave", "findLicense", "qualifyPerson"] as const;
const ports = [
  "ledger.claim",
  "ledger.commit",
  "ledger.record",
  "ledger.standing",
  "pending.defer",
  "identities.recall",
  "identities.remember",
  "identities.forget",
  "directory.findUser",
  "directory.perform",
] as const;
const answers = ["a grant", "a user"] as const;

export const thrownStages: readonly string[] = ["record", ...fields, ...rules, ...ports, ...answers];

/** Each of them once, and each field at each of its first reads. */
export const everyThrow: readonly Throw[] = [
  { at: "record" },
  ...fields.flatMap((at) => Array.from({ length: 8 }, (_, n) => ({ at, read: n + 1 }))),
  ...rules.map((at) => ({ at })),
  ...ports.map((at) => ({ at, after: false })),
  ...answers.map((at) => ({ at })),
];

export const anyThrow: fc.Arbitrary<Throw> = fc.oneof(
  fc.constant({ at: "record" } as const),
  fc.record({ at: fc.constantFrom(...fields), read: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ at: fc.constantFrom(...rules) }),
  fc.record({ at: fc.constantFrom(...ports), after: fc.boolean() }),
  fc.record({ at: fc.constantFrom(...answers) }),
);

/** How the person's events are: each way leads through other stages. */
export const anyPerson = fc.record({
  domain: fc.constantFrom("team", "lwa"),
  isLater: fc.boolean(),
  isUrgent: fc.boolean(),
  /** `wrong`: the account does not know it, so that the address decides in a second round. */
  userId: fc.constantFrom(undefined, "wrong"),
  messages: fc.integer({ min: 1, max: 3 }),
  follows: fc.boolean(),
});
export type Person = typeof anyPerson extends fc.Arbitrary<infer T> ? T : never;

const policy = policySchema.parse({
  afterSuspension: { signOut: true, resetPin: true, license: { to: "Basic", afterDays: 3 } },
  safeguard: { suspensions: { atLeast: 1000 } },
  accounts: ["team", "lwa"].map((id) => ({
    id,
    domains: [`${id}.example`],
    licensePerRole: { engineer: "Pro", "poison engineer": "Pro" },
  })),
});

const neighbourCount = 8;

/** Runs a batch of one person with a fault and their neighbours, who have none. */
export async function runWithThrow(intent: Intent, thrown: Throw, person: Person) {
  const bomb = bombOf(thrown);
  const { domain } = person;
  const poisonEmail = `poison@${domain}.example`;
  const directory = aDirectory(intent);
  const store = memoryStore();
  const about = (value: unknown) => JSON.stringify(value)?.includes("poison") ?? false;
  const guard = watch(thrown, bomb);
  const ledger = memoryLedger(store);
  const pending = memoryPendingStore(store);
  const identities = memoryIdentityCache(store);
  const batch = [
    ...Array.from({ length: neighbourCount }, (_, n) => ({
      isPoisoned: false,
      record: anEvent(intent, {
        id: `n-${n}`,
        personId: `n-${n}`,
        email: `n${n}@${n % 2 === 0 ? "team" : "lwa"}.example`,
      }),
    })),
    ...Array.from({ length: person.messages }, (_, n) => ({
      isPoisoned: true,
      record: poisonedRecord(intent, thrown, bomb, person, n),
    })),
  ];
  const { outcomes } = await runBatch(
    batch.map(({ record }) => record),
    {
      intent,
      directory: throwingDirectory(directory, guard, thrown, bomb, poisonEmail),
      rules: throwingRules(thrown, bomb),
      // Of nobody here, so that everybody's account is compared with it.
      pauses: { read: async () => [{ account: "elsewhere", since: noon, by: "ada", note: "" }] },
      ledger: {
        claim: async (claims, lease) => {
          const granted = await guard("ledger.claim", claims.some(about), () => ledger.claim(claims, lease));
          return granted.map((answer, index) =>
            thrown.at === "a grant" && about(claims[index]) && answer.kind === "granted"
              ? bomb.plant({ ...answer }, "approvedBy", 1)
              : answer,
          );
        },
        commit: (results, lease) =>
          guard(
            "ledger.commit",
            results.some(({ claim }) => about(claim)),
            () => ledger.commit(results, lease),
          ),
        record: (entries) => guard("ledger.record", entries.some(about), () => ledger.record(entries)),
        abandon: ledger.abandon,
        ownersOf: ledger.ownersOf,
        ended: (events) => guard("ledger.ended", events.some(about), () => ledger.ended(events)),
        standing: (heads) => guard("ledger.standing", heads.some(about), () => ledger.standing(heads)),
      },
      pending: {
        ...pending,
        defer: (waiting) => guard("pending.defer", waiting.some(about), () => pending.defer(waiting)),
      },
      identities: {
        recall: (id, people) =>
          guard("identities.recall", people.some(about), () => identities.recall(id, people)),
        remember: (id, people) =>
          guard("identities.remember", people.some(about), () => identities.remember(id, people)),
        forget: (id, emails) =>
          guard("identities.forget", emails.some(about), () => identities.forget(id, emails)),
      },
      admissions: memorySafeguardStore(),
      limits: { atLeast: 1000, percent: 100, windowMinutes: 60, immediate: 1000 },
      store,
    },
  );
  const ends = outcomes.map(endOf);
  return {
    neighbours: ends.filter((_, index) => batch[index]?.isPoisoned === false),
    poisoned: ends.filter((_, index) => batch[index]?.isPoisoned === true),
    thrownIn: bomb.thrownIn,
    outcomes,
  };
}

function endOf(outcome: Outcome): string {
  return "code" in outcome ? outcome.code : outcome.kind;
}

/** What is planted for one person, and where it went off. */
interface Bomb {
  thrownIn: Set<string>;
  explode: () => never;
  /** The object, one of whose properties throws when it is read for the nth time and ever after. */
  plant: <T extends object>(object: T, property: keyof T, read: number) => T;
}

function bombOf({ at }: Throw): Bomb {
  const thrownIn = new Set<string>();
  const explode = (): never => {
    const { stack = "" } = new Error();
    thrownIn.add(at);
    for (const [, file = ""] of stack.matchAll(/\/src\/provisioning\/(?:\w+\/)?(\w+)\.ts/g)) {
      if (file === "boundary" || file === "decision") continue;
      thrownIn.add(file);
      break;
    }
    throw new TypeError("a defect");
  };
  const plant: Bomb["plant"] = (object, property, read) => {
    let value: unknown = object[property];
    let reads = 0;
    Object.defineProperty(object, property, {
      enumerable: true,
      get: () => {
        reads += 1;
        return reads < read ? value : explode();
      },
      set: (next: unknown) => {
        value = next;
      },
    });
    return object;
  };
  return { thrownIn, explode, plant };
}

type Guard = <T>(name: string, isAbout: boolean, work: () => Promise<T>) => Promise<T>;

function watch(thrown: Throw, bomb: Bomb): Guard {
  return async (name, isAbout, work) => {
    const throws = isAbout && thrown.at === name;
    // What was committed stands: a second commit of it is refused, and its messages would only come again.
    const after = "after" in thrown && thrown.after && name !== "ledger.commit";
    if (throws && !after) bomb.explode();
    const answer = await work();
    if (throws) bomb.explode();
    return answer;
  };
}

function throwingDirectory(
  directory: Directory,
  guard: Guard,
  thrown: Throw,
  bomb: Bomb,
  poisonEmail: string,
): Directory {
  return {
    ...directory,
    listUsers: async (...given) => {
      const page = await directory.listUsers(...given);
      const users = page.users.map((user) =>
        thrown.at === "a user" && user.email === poisonEmail ? bomb.plant({ ...user }, "state", 1) : user,
      );
      return { ...page, users };
    },
    findUser: (id, who, time) =>
      guard("directory.findUser", who.email === poisonEmail, () => directory.findUser(id, who, time)),
    perform: (call, time) =>
      guard(
        "directory.perform",
        call.entries.some(({ target }) => target.includes("poison")),
        () => directory.perform(call, time),
      ),
  };
}

function throwingRules(thrown: Throw, bomb: Bomb): PolicyRules {
  const usual = toPolicyRules(policy);
  const wrap =
    <Given extends unknown[], T>(name: Throw["at"], find: (...given: Given) => T) =>
    (...given: Given): T =>
      thrown.at === name && JSON.stringify(given).includes("poison") ? bomb.explode() : find(...given);
  return {
    ...usual,
    findExclusion: wrap("findExclusion", usual.findExclusion),
    findAccount: wrap("findAccount", usual.findAccount),
    findLicense: wrap("findLicense", usual.findLicense),
    findLeave: wrap("findLeave", usual.findLeave),
    qualifyPerson: (decision) => {
      const qualified = wrap("qualifyPerson", usual.qualifyPerson)(decision);
      // The last that the policy does with a decision: from here on its fields are read by the stages that follow.
      if ("read" in thrown && decision.personId.includes("poison"))
        bomb.plant(decision as Decision, thrown.at, thrown.read);
      return qualified;
    },
  };
}

function poisonedRecord(intent: Intent, thrown: Throw, bomb: Bomb, person: Person, n: number): QueueRecord {
  const { domain, isLater, isUrgent, userId, follows } = person;
  const record = anEvent(intent, {
    id: `poison-${n}`,
    personId: "poison",
    email: `poison@${domain}.example`,
    occurredAt: `2026-05-14T10:0${n}:00Z`,
    data: {
      ...(isLater && { effectiveAt: "2026-06-01T00:00:00Z" }),
      ...(isUrgent && intent === "offboard" && { urgency: "immediate" }),
      ...(userId !== undefined && { userId }),
      role: intent === "relicense" ? "poison engineer" : "engineer",
      ...(follows && intent === "relicense" && followUp),
    },
  });
  return thrown.at === "record" ? bomb.plant(record, "body", 1) : record;
}

const followUp = { licenseType: "Pro", follows: { type: "EmployeeHired", id: "nothing stands" } };

function anEvent(intent: Intent, event: EventSample): QueueRecord {
  const { data = {} } = event;
  if (intent !== "relicense") return aRecord(pipelines[intent].detailTypes[0], event);
  if ("role" in data && !("follows" in data)) return aRecord("EmployeeRoleChanged", event);
  return aRecord("LicenseChanged", { ...event, data: { licenseType: "Pro", ...data } });
}

/** Joiners and returners are not in the Team account, and stand suspended in the other. */
function aDirectory(intent: Intent) {
  const joins = intent === "onboard" || intent === "reinstate";
  const people = [
    ...Array.from({ length: neighbourCount }, (_, n) => ({
      name: `n${n}`,
      domain: n % 2 === 0 ? "team" : "lwa",
    })),
    { name: "poison", domain: "team" },
    { name: "poison", domain: "lwa" },
  ];
  const usersOf = (wanted: string) =>
    people
      .filter(({ domain }) => domain === wanted)
      .map(({ name, domain }) =>
        aUser({
          userId: `u-${name}`,
          email: `${name}@${domain}.example`,
          state: joins ? "suspended" : "active",
        }),
      );
  return fakeDirectory([
    { accountId: "team", type: "Team", users: joins ? [] : usersOf("team") },
    { accountId: "lwa", type: "EnterpriseLWA", users: usersOf("lwa") },
  ]);
}
