import { describe, expect, it } from "vitest";
import type { RecalledPerson } from "../../src/ledger/ledger.ts";
import { claimOf, leaseOf, stand, type TestDecision, timeOf } from "./decisions.ts";
import type { LedgerWorld } from "./ledgerWorld.ts";

const ada = { personId: "ada", email: "ada@example.com", userId: "id-of-ada" };
const bob = { personId: "bob", email: "bob@example.com", userId: "id-of-bob" };

/** User ids that are remembered, and whose an address is. */
export function identityContract(world: LedgerWorld): void {
  describe("the owners of an address", () => {
    const leave: TestDecision = { eventId: "leave", minute: 5 };
    const license: TestDecision = { eventId: "license", minute: 7, intent: "relicense" };
    const owners = (...emails: string[]) => world.ledger.ownersOf(emails);

    it("are the people whose latest decision has it, each aspect by itself, with the time of that decision", async () => {
      for (const decision of [leave, license, { ...leave, personId: "bob" }]) {
        await world.ledger.claim([claimOf(decision)], leaseOf("one"));
        await world.ledger.commit([stand(decision)], leaseOf("one"));
      }
      await world.ledger.claim(
        [{ ...claimOf({ ...leave, personId: "eve" }), email: ada.email }],
        leaseOf("one"),
      );
      const [ofAda, ofNobody] = await owners(ada.email, "nobody@example.com");
      const known =
        ofAda?.kind === "known" ? ofAda.owners.map(({ personId, decidedAt }) => [personId, decidedAt]) : [];
      expect([known.sort(), ofNobody]).toEqual([
        [
          ["ada", timeOf(5)],
          ["ada", timeOf(7)],
          ["eve", timeOf(5)],
        ],
        { kind: "known", owners: [] },
      ]);
    });

    it("are those of today: an address that a person had before is nobody's", async () => {
      const renamed = { ...claimOf({ ...leave, eventId: "renamed", minute: 6 }), email: "new@example.com" };
      await world.ledger.claim([claimOf(leave)], leaseOf("one"));
      await world.ledger.commit([stand(leave)], leaseOf("one"));
      await world.ledger.claim([{ ...renamed, previousEmails: [ada.email] }], leaseOf("one"));
      const answers = await owners(ada.email, "new@example.com");
      expect(answers.map((answer) => answer.kind === "known" && answer.owners.length)).toEqual([0, 1]);
    });
  });

  describe("a remembered user id", () => {
    const recall = async (
      people: readonly (Pick<RecalledPerson, "personId" | "email"> & Partial<RecalledPerson>)[],
      account = "account",
    ) => {
      const asking = people.map((person) => ({ versions: ["now"], ...person }));
      return Object.fromEntries(await world.identities.recall(account, asking));
    };

    it("is recalled for its person under its address", async () => {
      await world.identities.remember("account", [ada, bob]);
      expect(await recall([bob, ada, { personId: "eve", email: "eve@example.com" }])).toEqual({
        "ada@example.com": "id-of-ada",
        "bob@example.com": "id-of-bob",
      });
    });

    it("is not recalled for another person: an address can pass from one to the next", async () => {
      await world.identities.remember("account", [ada]);
      expect(await recall([{ ...ada, personId: "another ada" }])).toEqual({});
    });

    it("is not recalled for an address that two people claim in one call", async () => {
      await world.identities.remember("account", [ada, bob]);
      const another = { ...ada, personId: "another ada" };
      expect([await recall([ada, another, bob]), await recall([bob, another, ada])]).toEqual([
        { "bob@example.com": "id-of-bob" },
        { "bob@example.com": "id-of-bob" },
      ]);
    });

    it("is good for one decision only, where it was remembered for it: the address may be another user's afterwards", async () => {
      await world.identities.remember("account", [{ ...ada, onlyFor: "leave" }, bob]);
      const recalled = [
        await recall([ada, bob]),
        await recall([{ ...ada, versions: ["return", "leave"] }]),
        await recall([{ ...ada, versions: ["leave"], onlyOwn: true }]),
        await recall([{ ...bob, versions: ["leave"], onlyOwn: true }]),
      ];
      expect(recalled).toEqual([
        { "bob@example.com": "id-of-bob" },
        { "ada@example.com": "id-of-ada" },
        { "ada@example.com": "id-of-ada" },
        {},
      ]);
    });

    it("is not recalled in another account", async () => {
      await world.identities.remember("account", [ada]);
      expect(await recall([ada], "other")).toEqual({});
    });

    it("is replaced when the address is remembered anew", async () => {
      await world.identities.remember("account", [ada]);
      await world.identities.remember("account", [{ ...ada, personId: "another ada", userId: "new" }]);
      expect([await recall([ada]), await recall([{ ...ada, personId: "another ada" }])]).toEqual([
        {},
        { "ada@example.com": "new" },
      ]);
    });

    it("is forgotten by its address, in its account", async () => {
      await world.identities.remember("account", [ada, bob]);
      await world.identities.remember("other", [ada]);
      await world.identities.forget("account", [ada.email, "nobody@example.com"]);
      expect([await recall([ada, bob]), await recall([ada], "other")]).toEqual([
        { "bob@example.com": "id-of-bob" },
        { "ada@example.com": "id-of-ada" },
      ]);
    });

    it("may stand twice in a call: the last one counts", async () => {
      await world.identities.remember("account", [ada, bob, { ...ada, userId: "newer" }]);
      const recalled = await recall([ada, ada, bob]);
      await world.identities.forget("account", [ada.email, ada.email]);
      expect([recalled, await recall([ada, bob])]).toEqual([
        { "ada@example.com": "newer", "bob@example.com": "id-of-bob" },
        { "bob@example.com": "id-of-bob" },
      ]);
    });

    it("is one of as many as there are in a call", async () => {
      const people = Array.from({ length: 230 }, (_, index) => ({
        personId: `person-${index}`,
        email: `${index}@example.com`,
        userId: `id-${index}`,
      }));
      const all = Object.fromEntries(people.map(({ email, userId }) => [email, userId]));
      await world.identities.remember("account", people);
      const before = await recall(people);
      await world.identities.forget(
        "account",
        people.slice(1).map(({ email }) => email),
      );
      expect([before, await recall(people)]).toEqual([all, { "0@example.com": "id-0" }]);
    });

    it("is not asked for where nobody is", async () => {
      await world.identities.remember("account", []);
      await world.identities.forget("account", []);
      expect(await recall([])).toEqual({});
    });
  });
}
