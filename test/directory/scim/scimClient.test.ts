import { when } from "@rollcall/scim-simulator/scimFaultPlans";
import {
  redirectFault,
  resetFault,
  responseFault,
  throttledFault,
} from "@rollcall/scim-simulator/scimFaults";
import { latency, nth, times } from "@rollcall/simulated-service/planCombinators";
import { afterEach, describe, expect, it } from "vitest";
import type { CallPace } from "../../../src/directory/callPace.ts";
import { checkedUrl } from "../../../src/directory/scim/http/boundedFetch.ts";
import {
  accountId,
  budget,
  failureOf,
  find,
  perform,
  type ScimWorld,
  type ScimWorldOptions,
  startScimWorld,
  tenant,
} from "./scimWorld.ts";

let world: ScimWorld | undefined;
async function start(options: ScimWorldOptions = {}): Promise<ScimWorld> {
  world = await startScimWorld({ people: ["ada"], ...options });
  return world;
}
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const alone = { alone: true } as const;

/** The failure of a suspension of Ada, as it was thrown. */
async function failureOfSuspension({ directory }: ScimWorld, milliseconds = 20_000) {
  const call = { operation: "suspend", accountId, entries: [{ target: "ada" }] } as const;
  return directory.perform(call, { milliseconds }).then(() => "no failure", failureOf);
}

describe("what a SCIM target announces of itself is a hint:", () => {
  it.each(["missing", "forbidden", "garbage"] as const)(
    "where it is %s, there is no bulk, and all else works (goauthentik/authentik#10322)",
    async (serviceProviderConfig) => {
      const { directory, ...rest } = await start({ behavior: { discovery: { serviceProviderConfig } } });
      const { limits } = await directory.getAccount(accountId, budget);
      expect([limits.suspend, await perform({ directory }, "suspend", "ada"), rest.states()]).toEqual([
        1,
        ["ada done"],
        ["ada@example.com false"],
      ]);
    },
  );

  it("the plural of SCIM 1.1 is tried second, once (goauthentik/authentik#16976)", async () => {
    const { directory, simulator } = await start({
      behavior: { discovery: { serviceProviderConfig: "plural" } },
    });
    const accounts = [
      await directory.getAccount(accountId, budget),
      await directory.getAccount(accountId, budget),
    ];
    expect([
      accounts.map(({ limits }) => limits.suspend),
      simulator.calls.list().map(({ path }) => path),
    ]).toEqual([
      [1000, 1000],
      ["/ServiceProviderConfig", "/ServiceProviderConfigs"],
    ]);
  });

  it("is read again after minutes where it could not be read", async () => {
    let now = 1_000_000;
    const { directory, simulator } = await start({
      behavior: { discovery: { serviceProviderConfig: "garbage" } },
      adapter: { now: () => now },
    });
    const limits: number[] = [];
    for (const [minutes, serviceProviderConfig] of [
      [0, "garbage"],
      [4, "standard"],
      [2, "standard"],
    ] as const) {
      now += minutes * 60_000;
      simulator.directory.changeBehavior(tenant, { discovery: { serviceProviderConfig } });
      limits.push((await directory.getAccount(accountId, budget)).limits.suspend);
    }
    expect(limits).toEqual([1, 1, 1000]);
  });
});

describe("the answer of a SCIM target", () => {
  it.each(["application/json", "application/json+scim", "text/html", "none"])(
    "is read by its body, with the content type %s (FusionAuth/fusionauth-issues#1769)",
    async (contentType) => {
      const { directory, states } = await start({ ...alone, behavior: { users: { contentType } } });
      expect([
        await find({ directory }, "ada@example.com"),
        await perform({ directory }, "suspend", "ada"),
      ]).toEqual(["ada active", ["ada done"]]);
      expect(states()).toEqual(["ada@example.com false"]);
    },
  );

  it.each(["noContent", "emptyObject"] as const)(
    "may show nobody after a change: %s (Captain-P-Goldfish/SCIM-SDK#135)",
    async (patchAnswer) => {
      const { directory, states } = await start({ ...alone, behavior: { users: { patchAnswer } } });
      expect([await perform({ directory }, "suspend", "ada"), states()]).toEqual([
        ["ada done"],
        ["ada@example.com false"],
      ]);
    },
  );

  it.each([
    { body: "slow down", type: "text/plain" },
    { body: '{"error":{"response":{"status":429}}}', type: "application/json" },
  ])(
    "is judged by its status, whatever the body: $body (wireapp/wire-server#5434)",
    async ({ body, type }) => {
      const headers = { "retry-after": "70", "content-type": type };
      const running = await start({
        ...alone,
        faults: when({ operation: "patch" }, responseFault(429, { body, headers })),
      });
      expect(await failureOfSuspension(running)).toMatchObject({
        class: "throttled",
        code: "TooManyRequests",
        retryAfterSeconds: 70,
      });
    },
  );

  it.each([
    { title: "seconds", after: 70, expected: 70 },
    { title: "a date", after: new Date(90_000), expected: 80 },
    { title: "nothing", after: undefined, expected: undefined },
  ])(
    "that it is called too often says when to come back, by $title (slackapi/java-slack-sdk#414)",
    async ({ after, expected }) => {
      const running = await start({
        alone: true,
        adapter: { now: () => 10_000 },
        faults: when({ operation: "patch" }, throttledFault(after)),
      });
      const failure = await failureOfSuspension(running);
      expect([failure, running.requests()]).toEqual([
        {
          class: "throttled",
          requestId: expect.any(String),
          code: "TooManyRequests",
          message: "SCIM 2.0 answered with HTTP status 429: it wants to be called less often",
          ...(expected !== undefined && { retryAfterSeconds: expected }),
        },
        Array(expected === undefined ? 3 : 1).fill("PATCH /Users/ada"),
      ]);
    },
  );

  it("that does not come is asked for again, and the call says that it was repeated", async () => {
    const { directory, requests } = await start({
      ...alone,
      faults: when({ operation: "patch" }, times(2, resetFault("after"))),
    });
    const call = { operation: "suspend", accountId, entries: [{ target: "ada" }] } as const;
    const { results, repeated } = await directory.perform(call, budget);
    expect([results.get("ada")?.kind, repeated, requests()]).toEqual([
      "done",
      true,
      ["PATCH /Users/ada", "PATCH /Users/ada", "PATCH /Users/ada", "GET /Users/ada"],
    ]);
  });

  it("ends with the call's time, and what was sent may still happen", async () => {
    const running = await start({ ...alone, faults: when({ operation: "patch" }, latency(5_000)) });
    const before = Date.now();
    const failure = await failureOfSuspension(running, 300);
    expect([failure, Date.now() - before < 3_000]).toEqual([
      {
        class: "transient",
        code: "TimeoutError",
        message: "SCIM 2.0 gave no answer (TimeoutError); it will be tried again",
        mayStillHappen: true,
      },
      true,
    ]);
  });

  it.each([
    ["an answer that was lost", resetFault("after")],
    ["a gateway that gave up", responseFault(504)],
  ])("stays in doubt after %s, whatever the next attempt says", async (_, first) => {
    let asked = 0;
    const faults = when({ operation: "patch" }, () => {
      asked += 1;
      return asked === 1 ? first : throttledFault(600);
    });
    expect(await failureOfSuspension(await start({ ...alone, faults }))).toMatchObject({
      class: "throttled",
      mayStillHappen: true,
    });
  });

  it("stays in doubt where the target says yes and the user cannot be read again", async () => {
    const faults = when({ operation: "read" }, throttledFault(600));
    const { directory } = await start({ ...alone, faults });
    const call = { operation: "suspend", accountId, entries: [{ target: "ada" }] } as const;
    const { results } = await directory.perform(call, budget);
    expect(results.get("ada")).toMatchObject({
      kind: "failed",
      failure: { class: "throttled", mayStillHappen: true },
    });
  });

  it("is not read beyond its limit", async () => {
    const body = JSON.stringify({ totalResults: 0, padding: "x".repeat(9 * 1024 * 1024) });
    const running = await start({ faults: when({ operation: "list" }, responseFault(200, { body })) });
    expect(await find(running, "ada@example.com")).toBe("unknown AnswerTooLarge");
  });

  it("that redirects is not followed with the token", async () => {
    const other = await startScimWorld();
    try {
      const running = await start({
        ...alone,
        faults: when({ operation: "patch" }, redirectFault(other.simulator.url)),
      });
      expect([await failureOfSuspension(running), other.simulator.calls.list()]).toEqual([
        {
          class: "configuration",
          code: "Redirected",
          message:
            "SCIM 2.0 answered with a redirect, which is not followed with the token; set directory.baseUrl to where it leads",
        },
        [],
      ]);
    } finally {
      await other.close();
    }
  });

  it("that cannot come, because nobody listens, leaves nothing that may still happen", async () => {
    const running = await start(alone);
    await running.close();
    expect(await failureOfSuspension(running)).toEqual({
      class: "transient",
      code: "ECONNREFUSED",
      message: "SCIM 2.0 gave no answer (ECONNREFUSED); it will be tried again",
    });
  });
});

describe("the token of a SCIM target", () => {
  /** A store whose remembered token is old, and whose stored one is new. */
  function store(tokens: { remembered: string; stored: string }) {
    const reads: boolean[] = [];
    const readToken = async ({ fresh }: { fresh: boolean }) => {
      reads.push(fresh);
      return { text: fresh ? tokens.stored : tokens.remembered };
    };
    return { reads, readToken };
  }

  it("is read again once it is refused, for all calls together", async () => {
    const { reads, readToken } = store({ remembered: "old", stored: "secret" });
    const running = await start({ people: ["ada", "grace"], alone: true, adapter: { readToken } });
    const words = await Promise.all(["ada", "grace"].map((id) => perform(running, "suspend", id)));
    expect([words, reads.filter((fresh) => fresh).length]).toEqual([[["ada done"], ["grace done"]], 1]);
  });

  it("that is refused again is nobody's fault, and is not read again for each user", async () => {
    const { reads, readToken } = store({ remembered: "old", stored: "old" });
    const running = await start({ alone: true, adapter: { readToken } });
    const words = [await perform(running, "suspend", "ada"), await perform(running, "suspend", "ada")];
    expect([words, reads]).toEqual([
      [["thrown configuration Unauthorized"], ["thrown configuration Unauthorized"]],
      [false, true],
    ]);
  });

  it("that cannot be sent is told without it", async () => {
    const readToken = async () => ({ text: "two\nlines" });
    const running = await start({ alone: true, adapter: { readToken } });
    expect(await failureOfSuspension(running)).toEqual({
      class: "configuration",
      code: "SecretUnusable",
      message:
        "the token of SCIM 2.0 is empty or has characters that no token has; store it anew at directory.secret",
    });
  });

  it("that cannot be read is nobody's fault, and is read anew the next time", async () => {
    let reads = 0;
    const readToken = async () => {
      reads += 1;
      if (reads === 1) throw new Error("SSM does not answer");
      return { text: "secret" };
    };
    const running = await start({ alone: true, adapter: { readToken } });
    const call = { operation: "suspend", accountId, entries: [{ target: "ada" }] } as const;
    const first = await running.directory.perform(call, budget).catch(failureOf);
    expect([first, await perform(running, "suspend", "ada")]).toEqual([
      {
        class: "configuration",
        code: "SecretUnreadable",
        message: "the token of SCIM 2.0 cannot be read; check directory.secret and the permission to read it",
      },
      ["ada done"],
    ]);
  });

  it("that takes longer to read than a call may is waited for no longer, and nothing is sent", async () => {
    const readToken = () => new Promise<never>(() => undefined);
    const running = await start({ alone: true, adapter: { readToken } });
    const before = Date.now();
    const failure = await failureOfSuspension(running, 300);
    expect([failure, Date.now() - before < 2_000, running.requests()]).toEqual([
      {
        class: "transient",
        code: "TokenLate",
        message: "the token of SCIM 2.0 could not be read in time; it will be tried again",
      },
      true,
      [],
    ]);
  });

  it("goes to https only, and to this machine where that is allowed", () => {
    const addresses = [
      "https://example.com/scim/v2/",
      "https://example.com",
      "http://example.com/scim",
      "http://127.0.0.1:8080/scim",
      "ftp://example.com/scim",
      "https://user:secret@example.com/scim",
      "https://example.com/scim?token=secret",
      "not an address",
    ];
    const check = (isLocal: boolean) => (address: string) => {
      try {
        return checkedUrl(address, "directory.baseUrl", isLocal);
      } catch (error) {
        return error instanceof RangeError ? "refused" : error;
      }
    };
    const refused = Array(4).fill("refused");
    expect([addresses.map(check(false)), addresses.map(check(true))]).toEqual([
      ["https://example.com/scim/v2/", "https://example.com/", "refused", "refused", ...refused],
      [
        "https://example.com/scim/v2/",
        "https://example.com/",
        "refused",
        "http://127.0.0.1:8080/scim",
        ...refused,
      ],
    ]);
  });
});

describe("the pace of a SCIM target", () => {
  it("is waited for by every request, and told of every answer", async () => {
    const told: string[] = [];
    const pace = {
      wait: async () => told.push("wait") > 0,
      noteAnswer: (answer: string) => void told.push(answer),
      intervalMilliseconds: () => 0,
    };
    const running = await start({
      alone: true,
      adapter: { pace },
      faults: when({ operation: "patch" }, nth(1, throttledFault())),
    });
    const call = { operation: "suspend", accountId, entries: [{ target: "ada" }] } as const;
    await running.directory.perform(call, budget);
    expect(told).toEqual(["wait", "throttled", "wait", "answered", "wait", "answered"]);
  });

  it("gives a read-back the first place, and the change that it follows the next, in time for both", async () => {
    const told: string[] = [];
    const pace: CallPace = {
      wait: async (longest, rank = "usual") => told.push(`${rank} ${Math.round(longest / 1000)} s`) > 0,
      noteAnswer: () => undefined,
      intervalMilliseconds: () => 7_200,
    };
    const running = await start({ alone: true, adapter: { pace } });
    for (let change = 0; change < 51; change += 1)
      await running.directory.perform(
        { operation: "suspend", accountId, entries: [{ target: "ada" }] },
        { milliseconds: 30_000 },
      );
    const sampled = ["soon 18 s", "first 30 s"];
    const believed = Array.from({ length: 49 }, () => "usual 30 s");
    expect(told).toEqual([...sampled, ...believed, ...sampled]);
  });

  it("that leaves no turn in time sends nothing, and blames nobody", async () => {
    const pace = { wait: async () => false, noteAnswer: () => undefined, intervalMilliseconds: () => 0 };
    const running = await start({ alone: true, adapter: { pace } });
    expect([await failureOfSuspension(running), running.requests()]).toEqual([
      {
        class: "throttled",
        code: "Paced",
        message:
          "SCIM 2.0 takes only so many calls a second, and there was no turn left in time; it will be tried again",
      },
      [],
    ]);
  });
});
