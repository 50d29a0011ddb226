import { beforeEach, describe, expect, it } from "vitest";
import type { Directory } from "../../../src/directory/directory.ts";
import { scimDirectory } from "../../../src/directory/scim/scimDirectory.ts";
import { scimProfiles } from "../../../src/directory/scim/scimProfiles.ts";
import type { DetailType } from "../../../src/events/hrEvent.ts";
import { memoryStore } from "../../../src/ledger/memory/memoryLedger.ts";
import type { Intent } from "../../../src/pipelineSettings.ts";
import { runBatch } from "../../provisioning/runBatch.ts";
import { type OtherScimServer, startOtherScimServer } from "./otherScimServer.ts";
import { addressOf, countOf, numbersTo, recordsOf } from "./peopleRecords.ts";

/** The adapter, as it is deployed, against a server whose authors know nothing of it. It has no bulk. */
describe("people at a SCIM server of other authors", () => {
  let server: OtherScimServer;
  let directory: Directory;
  let store: ReturnType<typeof memoryStore>;
  beforeEach(async () => {
    server = await startOtherScimServer();
    store = memoryStore();
    numbers = everybody;
    directory = scimDirectory({
      baseUrl: server.baseUrl,
      allowLoopbackHttp: true,
      readToken: async () => ({ text: server.token }),
      pace: { wait: async () => true, noteAnswer: () => undefined, intervalMilliseconds: () => 0 },
      now: Date.now,
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      random: () => 0.5,
      profile: {
        ...scimProfiles.generic,
        license: { value: { path: "userType", shape: "text" }, verified: "notVerified" },
      },
    });
  });

  const everybody = numbersTo(120);
  let numbers = everybody;

  /** Runs a batch with one event for each person. Returns how often each outcome came, and the requests by method. */
  async function run(intent: Intent, type: DetailType, minute: number, data: Record<string, unknown> = {}) {
    const records = recordsOf(numbers, type, minute, data);
    const before = server.requests();
    const budget = () => ({ milliseconds: 60_000 });
    const { outcomes } = await runBatch(records, { intent, directory, store, budget });
    const after = server.requests();
    return {
      outcomes: countOf(outcomes.map(({ kind }) => kind)),
      requests: Object.fromEntries(
        Object.entries(after).flatMap(([method, count]) => {
          const more = count - (before[method] ?? 0);
          return more === 0 ? [] : [[method, more]];
        }),
      ),
    };
  }

  const profile = { givenName: "Ada", familyName: "Lovelace", department: "Research" };
  const name = { givenName: "Ada", familyName: "Lovelace" };

  /** What the server itself has, as the number of users of each kind. Each has the name and the id of one person. */
  function stored() {
    const users = server.users();
    expect(users.map(({ userName }) => userName.toLowerCase()).sort()).toEqual(numbers.map(addressOf).sort());
    return countOf(users.map(({ active, userType = "no license" }) => `${active} ${userType}`));
  }

  // One change of 50 is read again, and so is the first: three of 120.
  const readAgain = 3;
  const discovery = 1;

  it("are let in, 120 of them, suspended, let in again and licensed, by one change each", async () => {
    expect(await run("onboard", "EmployeeHired", 1, { profile })).toEqual({
      outcomes: { applied: 120 },
      requests: { POST: 120, GET: discovery + readAgain },
    });
    expect(stored()).toEqual({ "true no license": 120 });
    expect(server.users()).toMatchObject(
      numbers.map(() => ({ name, enterprise: { department: "Research" } })),
    );

    expect(await run("onboard", "EmployeeHired", 1, { profile })).toEqual({
      outcomes: { unchanged: 120 },
      requests: {},
    });

    expect(await run("offboard", "EmployeeLeft", 2)).toEqual({
      outcomes: { applied: 120 },
      requests: { PATCH: 120, GET: readAgain },
    });
    expect(stored()).toEqual({ "false no license": 120 });

    expect(await run("reinstate", "EmployeeReturned", 3)).toEqual({
      outcomes: { applied: 120 },
      requests: { PATCH: 120, GET: readAgain },
    });
    expect(stored()).toEqual({ "true no license": 120 });

    expect(await run("relicense", "EmployeeRoleChanged", 4, { role: "engineer" })).toEqual({
      outcomes: { applied: 120 },
      requests: { PATCH: 120, GET: readAgain },
    });
    expect(stored()).toEqual({ "true Pro": 120 });
  });

  it("who are there already are adopted, and let in where they were suspended", async () => {
    numbers = everybody.slice(0, 30);
    for (const number of numbers) {
      const { status } = await createByHand(number);
      expect(status).toBe(201);
    }
    const { outcomes } = await run("onboard", "EmployeeHired", 1);
    expect([outcomes, stored()]).toEqual([{ applied: 30 }, { "true no license": 30 }]);
  });

  /** Somebody created the user before, without HR's id and with a user name in other case; every third is suspended. */
  function createByHand(number: number): Promise<Response> {
    const address = addressOf(number).toUpperCase();
    return fetch(`${server.baseUrl}/Users`, {
      method: "POST",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/scim+json" },
      body: JSON.stringify({
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
        userName: address,
        active: number % 3 !== 0,
        emails: [{ value: address, type: "work", primary: true }],
      }),
    });
  }
});
