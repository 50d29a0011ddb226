import fc from "fast-check";
import type { DirectoryUser, FailureClass } from "../../src/directory/directory.ts";
import type { Intent } from "../../src/pipelineSettings.ts";
import type { FakeAccount } from "../directory/fakeAccounts.ts";
import type { Faults } from "../directory/fakeDirectory.ts";
import { aFailure, aUser } from "./samples.ts";

/** A batch, the directory that it meets and all that goes wrong meanwhile. */
export interface Scenario {
  intent: Intent;
  messages: Message[];
  accounts: FakeAccount[];
  faults: Faults;
  /** How many calls there is time for. */
  callsInTime: number;
  concurrency: number;
}

export type Message = EventMessage | { type: "malformed"; body: string } | { type: "misrouted" };

export interface EventMessage {
  type: "event";
  personId: string;
  eventId: string;
  /** When HR decided. */
  minute: number;
  receiveCount: number;
  email: string;
  previousEmails: string[];
  userId: string | undefined;
  licenseType: string | undefined;
  role: string | undefined;
}

const numbers = Array.from({ length: 14 }, (_, number) => number);
/** Where each person is: in one of the accounts, or out of scope. */
const domains = ["team", "team", "team", "lwa", "lwa", "oidc", "closed", "elsewhere"] as const;
const domainOf = (number: number) => `${domains[number % domains.length]}.example`;

const event: fc.Arbitrary<EventMessage> = fc
  .record({
    number: fc.constantFrom(...numbers),
    eventId: fc.constantFrom("a", "b", "c"),
    minute: fc.integer({ min: 10, max: 13 }),
    receiveCount: fc.integer({ min: 1, max: 7 }),
    hasMoved: fc.boolean(),
    // Several people may be one user by their ids, and an id may be wrong for all who have it.
    userId: fc.constantFrom(undefined, undefined, "own", "own", "u-shared", "u-wrong"),
    licenseType: fc.constantFrom(undefined, "Basic", "Pro", "Plus"),
    role: fc.constantFrom(undefined, "engineer", "visitor"),
  })
  .map(({ number, eventId, hasMoved, userId, role, ...rest }) => {
    const [known, unknown] = [`user-${number}@${domainOf(number)}`, `new-${number}@${domainOf(number)}`];
    return {
      type: "event",
      ...rest,
      personId: `p-${number}`,
      eventId: `${number}-${eventId}`,
      email: hasMoved ? unknown : known,
      previousEmails: hasMoved ? [known] : [],
      userId: userId === "own" ? `u-${number}` : userId,
      // A change of license names one, or else a role.
      role: rest.licenseType === undefined ? (role ?? "visitor") : role,
    };
  });

const message: fc.Arbitrary<Message> = fc.oneof(
  { weight: 12, arbitrary: event },
  { weight: 1, arbitrary: fc.string().map((text): Message => ({ type: "malformed", body: `?${text}` })) },
  { weight: 1, arbitrary: fc.constant<Message>({ type: "misrouted" }) },
);

/** Some of the messages come twice in the batch, and may have come before. */
const messages = fc
  .tuple(
    fc.array(message, { maxLength: 40 }),
    fc.array(fc.record({ at: fc.nat(), receiveCount: fc.integer({ min: 1, max: 7 }) }), { maxLength: 6 }),
  )
  .map(([batch, copies]) => [
    ...batch,
    ...copies.flatMap(({ at, receiveCount }): Message[] => {
      const original = batch[at % batch.length];
      return original?.type === "event" ? [{ ...original, receiveCount }] : [];
    }),
  ]);

/** Directories of one to three pages; of the people some are there, in any state. */
const users = (domain: string) =>
  fc
    .record({
      crowd: fc.constantFrom(0, 0, 250, 450),
      members: fc.array(
        fc.record({
          number: fc.constantFrom(...numbers),
          state: fc.constantFrom("active", "invited", "suspended", "lapsed"),
          license: fc.constantFrom("Basic", "Pro"),
        }),
        { minLength: 8 },
      ),
    })
    .map(({ crowd, members }): DirectoryUser[] => [
      ...Array.from({ length: crowd }, (_, number) =>
        aUser({ userId: `crowd-${number}`, email: `crowd-${number}@${domain}` }),
      ),
      ...members.map(({ number, ...user }) =>
        aUser({ ...user, userId: `u-${number}`, email: `user-${number}@${domain}` }),
      ),
      aUser({ userId: "u-shared", email: `shared@${domain}` }),
    ]);

const accounts: fc.Arbitrary<FakeAccount[]> = fc
  .tuple(users("team.example"), users("lwa.example"))
  .map(([team, lwa]) => [
    { accountId: "team", type: "Team", users: team },
    { accountId: "lwa", type: "EnterpriseLWA", users: lwa, licenses: ["Basic", "Pro", "Plus"] },
    { accountId: "oidc", type: "EnterpriseOIDC" },
    { accountId: "closed", type: "Team", active: false },
  ]);

const failureClass: fc.Arbitrary<FailureClass> = fc.constantFrom(
  "throttled",
  "transient",
  "contended",
  "configuration",
  "invalidCall",
  "permanent",
  "unknown",
);
/** By whom a fault is drawn: the number in an id or address, or a word of it. */
const someone = fc.constantFrom(...numbers.map(String), "shared", "wrong");
const isAbout = (name: string, text: string) => new RegExp(`(^|-)${name}(@|$)`).test(text);

const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

/** Faults go by what a call is about, never by its turn, so that the order of calls decides nothing. */
const faults = fc
  .record({
    account: rarely(fc.record({ accountId: fc.constantFrom("team", "lwa"), failureClass })),
    page: rarely(fc.record({ pageToken: fc.constantFrom(undefined, "200", "400"), failureClass })),
    lookUps: fc.array(fc.record({ name: someone, failureClass }), { maxLength: 2 }),
    calls: fc.array(fc.record({ name: someone, failureClass, takesEffect: fc.boolean() }), { maxLength: 1 }),
    targets: fc.array(
      fc.record({
        name: someone,
        failure: fc.oneof(
          failureClass,
          fc.constantFrom<("noSuchUser" | "leftOut")[]>("noSuchUser", "leftOut"),
        ),
      }),
      { maxLength: 4 },
    ),
  })
  .map(
    ({ account, page, lookUps, calls, targets }): Faults => ({
      call: (request) => {
        switch (request.operation) {
          case "getAccount":
            return account?.accountId === request.accountId ? aFailure(account.failureClass) : undefined;
          case "listUsers":
            return page?.pageToken === request.pageToken && page ? aFailure(page.failureClass) : undefined;
          case "findUser": {
            const fault = lookUps.find(({ name }) => isAbout(name, request.email));
            return fault && aFailure(fault.failureClass);
          }
          default: {
            const fault = calls.find(({ name }) =>
              request.entries.some(({ target }) => isAbout(name, target)),
            );
            const failure = fault && aFailure(fault.failureClass);
            return fault?.takesEffect && failure ? { afterEffect: failure } : failure;
          }
        }
      },
      target: (target) => {
        const fault = targets.find(({ name }) => isAbout(name, target));
        if (fault === undefined || fault.failure === "leftOut") return fault && "leftOut";
        return aFailure(fault.failure);
      },
    }),
  );

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  intent: fc.constantFrom("onboard", "offboard", "reinstate", "relicense"),
  messages,
  accounts,
  faults,
  callsInTime: fc.oneof(
    { weight: 3, arbitrary: fc.constant(Number.POSITIVE_INFINITY) },
    { weight: 1, arbitrary: fc.nat(14) },
  ),
  concurrency: fc.integer({ min: 1, max: 4 }),
});
