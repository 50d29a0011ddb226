import { randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { eventBridgeBus, sleep } from "../../src/events/eventBridge/eventBridgeBus.ts";
import type { DetailType } from "../../src/events/hrEvent.ts";
import { publishEvents } from "../../src/events/publishEvents.ts";
import { type SampleAccount, sampleAccounts, scimSampleAccount } from "../sampleDay/sampleAccounts.ts";
import { directoryWith } from "../service/serviceStack.ts";
import type { DevStack } from "./devStack.ts";
import type { DevPerson } from "./vendorExamples.ts";

/** The accounts that people can be hired into and leave. */
const accounts: readonly SampleAccount[] = [sampleAccounts.team, sampleAccounts.lwa, scimSampleAccount];
/** An EnterpriseLWA account takes nobody who has not registered. */
const hiringAccounts: readonly SampleAccount[] = [sampleAccounts.team, scimSampleAccount];
const roles = ["engineer", "sales", "contractor"] as const;
const givenNames = ["Amina", "Bruno", "Chen", "Dalia", "Emeka", "Freya", "Goran", "Hana", "Ines", "Jonas"];
const familyNames = ["Abara", "Bakker", "Costa", "Diaz", "Eriksen", "Fischer", "Garcia", "Horvat"];

/** What HR decides about the people of the simulated directories. */
export interface DevPeople {
  hire: () => Promise<string>;
  leave: () => Promise<string>;
  /** Lets a sixth of the largest account leave at once, as a feed does that lost its rows. */
  leaveEnMasse: () => Promise<string>;
  /** Any decision about anybody. */
  decide: () => Promise<void>;
  /** Somebody who is in and about whom nothing was published here; `undefined` if there is nobody left. */
  anybody: () => DevPerson | undefined;
}

interface HrEventLine {
  "detail-type": DetailType;
  detail: { metadata: object; data: object };
}

const massLeavers = 200;

export function devPeople(stack: DevStack): DevPeople {
  const named = new Set<string>();
  let hired = 0;
  const event = (type: DetailType, { personId, email }: DevPerson, data: object): HrEventLine => ({
    "detail-type": type,
    detail: {
      metadata: {
        id: `dev-${randomUUID()}`,
        schemaVersion: "1.0",
        occurredAt: new Date(stack.clock.now()).toISOString(),
      },
      data: { personId, email, ...data },
    },
  });
  const present = (account: SampleAccount): DevPerson[] =>
    directoryWith(stack.directories, account.id)
      .users(account.id)
      .filter(({ state, address }) => state === "registered" && !named.has(address))
      .map(({ address }) => ({
        email: address,
        personId: personIdOf(address, account),
        accountId: account.id,
      }));
  const anybody = (among: readonly SampleAccount[] = accounts) => {
    const person = pick(present(pick(among) ?? sampleAccounts.team));
    if (person !== undefined) named.add(person.email);
    return person;
  };
  const newcomer = (): { person: DevPerson; profile: object } => {
    const account = pick(hiringAccounts) ?? sampleAccounts.team;
    const [givenName = "", familyName = ""] = [pick(givenNames), pick(familyNames)];
    hired += 1;
    const email = `${givenName}.${familyName}${hired}@${account.domain}`.toLowerCase();
    return {
      person: { personId: `P-N${String(hired).padStart(4, "0")}`, email, accountId: account.id },
      profile: { givenName, familyName },
    };
  };
  const hiring = () => {
    const { person, profile } = newcomer();
    return { person, event: event("EmployeeHired", person, { role: pick(roles), profile }) };
  };
  return {
    anybody: () => anybody(),
    hire: async () => {
      const { person, event: hire } = hiring();
      await publish(stack, [hire]);
      return `hired: ${person.personId}, into ${person.accountId}`;
    },
    leave: async () => {
      const person = anybody();
      if (person === undefined) return nobodyLeft;
      await publish(stack, [event("EmployeeLeft", person, { reason: "resignation" })]);
      return `left: ${person.personId}, of ${person.accountId}`;
    },
    leaveEnMasse: async () => {
      const people = present(sampleAccounts.team).slice(0, massLeavers);
      if (people.length === 0) return nobodyLeft;
      for (const { email } of people) named.add(email);
      await publish(
        stack,
        people.map((person) => event("EmployeeLeft", person, {})),
      );
      return `left: ${people.length} people of ${sampleAccounts.team.id} at once`;
    },
    decide: async () => {
      const person = anybody();
      const draw = Math.random();
      if (person === undefined || draw < 0.4) return publish(stack, [hiring().event]);
      // Few leave, so that the safeguard sees an ordinary day.
      if (draw < 0.5) return publish(stack, [event("EmployeeLeft", person, {})]);
      return publish(stack, [event("EmployeeRoleChanged", person, { role: pick(roles) })]);
    },
  };
}

/** The addresses of all who are in now, by their ids in HR: for commands that are told only one of the two. */
export function addressesIn({ directories }: Pick<DevStack, "directories">): Record<string, string> {
  const entries = accounts.flatMap((account) =>
    directoryWith(directories, account.id)
      .users(account.id)
      .filter(({ state }) => state === "registered")
      .map(({ address }) => [personIdOf(address, account), address] as const),
  );
  return Object.fromEntries(entries);
}

const nobodyLeft = "nobody is left whom it could be about: start again with --seed sample";

function pick<T>(choices: readonly T[]): T | undefined {
  return choices[Math.floor(Math.random() * choices.length)];
}

/** The sample's own ids follow from the address. */
function personIdOf(address: string, { personPrefix }: SampleAccount): string {
  const [, number] = /^person(\d+)@/.exec(address) ?? [];
  return number === undefined ? `P-${address.replace(/@.*$/, "")}` : `${personPrefix}${number}`;
}

async function publish({ eventBridge, model }: DevStack, events: readonly HrEventLine[]): Promise<void> {
  const bus = eventBridgeBus(eventBridge, model.buses[0]?.name ?? "default");
  const lines = events.map((each, index) => ({
    number: index + 1,
    bytes: Buffer.from(JSON.stringify(each)),
  }));
  const options = { bus, sleep, random: Math.random, unchecked: false, signal: AbortSignal.timeout(30_000) };
  for await (const result of publishEvents(Readable.from(lines), options))
    if (result.status !== "accepted")
      throw new Error(`expected the bus to take an event; it was ${result.status}`);
}
