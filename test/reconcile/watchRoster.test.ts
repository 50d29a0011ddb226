import { describe, expect, it } from "vitest";
import { publishEvents } from "../../src/events/publishEvents.ts";
import { measureRoster } from "../../src/observability/measurements.ts";
import { type Policy, policySchema } from "../../src/policy/policy.ts";
import { readDirectory } from "../../src/reconcile/readDirectory.ts";
import { RosterFault } from "../../src/reconcile/reading/rosterRow.ts";
import type { RememberedRoster } from "../../src/reconcile/rosterPorts.ts";
import { inputsDigest, type WatchOptions, watchRoster } from "../../src/reconcile/watchRoster.ts";
import type { FakeAccount } from "../directory/fakeAccounts.ts";
import { fakeDirectory } from "../directory/fakeDirectory.ts";
import { denied, type Fault, invalid, recordingBus } from "../events/recordingBus.ts";
import { noon } from "../provisioning/samples.ts";

const policy = policySchema.parse({ accounts: [{ id: "team", domains: ["team.example"] }] });

const whole = "id,email,status\np-1,ada@team.example,left\np-2,bob@team.example,active\n";
const twoEvents = "id,email,status\np-1,ada@team.example,left\np-3,eve@team.example,active\n";

const awaiting = "id,email,status,license\np-3,eve@team.example,active,Basic\n";
const lwa = { type: "EnterpriseLWA", users: [] } as const;
const lwaWithEve = { ...lwa, users: [userOf("u-3", "eve")] };
const digest = inputsDigest([], policy);

interface World {
  policy?: Policy;
  account?: Partial<FakeAccount>;
  text?: string;
  last?: RememberedRoster;
  publishes?: boolean;
  fault?: Fault;
  timeIsWrong?: boolean;
  etag?: string;
  budget?: () => undefined;
}

/** Watches a roster of noon about Ada and Bob, who are in the directory. */
async function watch({
  policy: current = policy,
  account,
  text = whole,
  last,
  publishes = true,
  fault,
  timeIsWrong,
  etag = "now",
  budget,
}: World) {
  const directory = fakeDirectory([
    { accountId: "team", type: "Team", users: [userOf("u-1", "ada"), userOf("u-2", "bob")], ...account },
  ]);
  const bus = recordingBus(() => fault);
  let remembered = last;
  const options: WatchOptions = {
    source: {
      open: async () => {
        if (timeIsWrong) throw new RosterFault("the time is wrong");
        return { bytes: bytesOf(text), asOf: noon, etag };
      },
    },
    memory: {
      recall: async () => remembered,
      remember: async (roster) => {
        remembered = roster;
      },
    },
    policy: current,
    directory: { readAccounts: (ids) => readDirectory(ids, directory, budget && { budget }) },
    signal: new AbortController().signal,
    ...(publishes && {
      publish: (lines) => publishEvents(lines, { bus, sleep: async () => undefined, random: () => 0 }),
    }),
  };
  const watched = await watchRoster(options);
  return {
    watched,
    result: watched.kind === "compared" ? watched.publication : watched.problems,
    changes: watched.kind === "compared" ? watched.plan.changes.map(({ kind }) => kind) : [],
    published: bus.calls.flat().map((id) => id.replace(/-[0-9a-f]{24}$/, "")),
    remembered,
    measured: Object.fromEntries(
      measureRoster(watched, noon + 60_000).map(({ name, values }) => [name, values[0]]),
    ),
  };
}

function userOf(userId: string, name: string) {
  return {
    userId,
    email: `${name}@team.example`,
    state: "active" as const,
    license: undefined,
    type: "person" as const,
  };
}

async function* bytesOf(text: string) {
  yield Buffer.from(text);
}

const of = (kind: string) => `roster-2026-05-14T12:00:00.000Z-${kind}`;

describe("a roster that is watched", () => {
  it("is only reported where nothing is published, and is not remembered", async () => {
    const { result, changes, published, remembered, measured } = await watch({ publishes: false });
    expect({ result, changes, published, remembered, measured }).toEqual({
      result: { kind: "reportOnly" },
      changes: ["leaver"],
      published: [],
      remembered: undefined,
      measured: {
        RosterNotBelieved: 0,
        RosterAgeSeconds: 60,
        RosterDrift: 1,
        RosterUnsolved: 0,
        RosterEventsPublished: 0,
        RosterEventsNotPublished: 0,
      },
    });
  });

  it("is published leavers first, and then remembered", async () => {
    const { result, published, remembered, measured } = await watch({ text: twoEvents });
    expect({ result, published, remembered, measured }).toEqual({
      result: { kind: "published", accepted: 2, failures: {} },
      published: [of("leaver"), of("joiner")],
      remembered: { present: 1, asOf: noon, etag: "now", inputsDigest: digest },
      measured: {
        RosterNotBelieved: 0,
        RosterAgeSeconds: 60,
        RosterDrift: 0,
        RosterUnsolved: 0,
        RosterEventsPublished: 2,
        RosterEventsNotPublished: 0,
      },
    });
  });

  it("is remembered too where there is nothing to do", async () => {
    const text = "id,email,status\np-2,bob@team.example,active\n";
    const { result, remembered } = await watch({ text });
    expect([result, remembered]).toEqual([
      { kind: "published", accepted: 0, failures: {} },
      { present: 1, asOf: noon, etag: "now", inputsDigest: digest },
    ]);
  });

  it("is not remembered as published where the bus does not accept all of it", async () => {
    const { watched } = await watch({ publishes: false });
    const [leaver] = watched.kind === "compared" ? watched.plan.changes : [];
    const refused = { entries: { [String(leaver?.desired.group.newest.eventId)]: invalid } };
    const begun = { present: 1, asOf: noon, etag: "now" };
    const some = await watch({ text: twoEvents, fault: refused });
    const all = await watch({ text: twoEvents, fault: { call: denied } });
    expect(
      [some, all].map(({ result, remembered, measured }) => [
        result,
        remembered,
        measured.RosterEventsPublished,
        measured.RosterEventsNotPublished,
      ]),
    ).toEqual([
      [{ kind: "published", accepted: 1, failures: { InvalidArgument: 1 } }, begun, 1, 1],
      [{ kind: "published", accepted: 0, failures: { AccessDeniedException: 2 } }, begun, 0, 2],
    ]);
    const again = await watch({ text: twoEvents, last: begun });
    expect(again.published).toEqual([of("leaver"), of("joiner")]);
  });

  it("that was published before is compared, and what is left is drift", async () => {
    const { remembered } = await watch({});
    const { result, changes, published, measured } = await watch({ ...(remembered && { last: remembered }) });
    expect([result, changes, published, measured.RosterDrift]).toEqual([
      { kind: "publishedBefore" },
      ["leaver"],
      [],
      1,
    ]);
  });

  it("is measured by its findings too, whether changes are published or not", async () => {
    const users = [userOf("u-1", "ada"), userOf("u-2", "bob"), userOf("u-9", "room")];
    const managed = { account: { type: "EnterpriseDirectory", users } } as const;
    const twice = {
      text: `${whole}p-2,bob.b@team.example,active\np-4,room@team.example,active\n`,
      account: { users },
    };
    const worlds = [managed, { ...managed, publishes: false }, twice];
    const measured = await Promise.all(worlds.map(async (world) => (await watch(world)).measured));
    expect(measured.map(({ RosterDrift, RosterUnsolved }) => [RosterDrift, RosterUnsolved])).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
  });

  it("is remembered by its bytes before anything of it is published, so that no other takes its time", async () => {
    const first = await watch({ text: twoEvents, fault: { call: denied }, etag: "broken" });
    const mended = await watch({ ...(first.remembered && { last: first.remembered }) });
    expect([first.remembered, mended.published]).toEqual([{ present: 1, asOf: noon, etag: "broken" }, []]);
  });

  it.each<[string, World, World]>([
    ["an account can be changed", { account: { type: "EnterpriseDirectory" } }, {}],
    ["the policy has changed", { policy: { ...policy, exclusions: { people: ["p-1"] } } }, {}],
    ["somebody has registered", { text: awaiting, account: lwa }, { text: awaiting, account: lwaWithEve }],
  ])("is published again once %s, and then no more", async (_, before, after) => {
    const first = await watch(before);
    const second = await watch({ ...after, ...(first.remembered && { last: first.remembered }) });
    const third = await watch({ ...after, ...(second.remembered && { last: second.remembered }) });
    expect([first.published.length, second.published.length, third.result]).toEqual([
      0,
      1,
      { kind: "publishedBefore" },
    ]);
  });

  it.each<[string, World, string]>([
    ["is empty", { text: "" }, "empty"],
    ["is cut off", { text: whole.slice(0, -1) }, "cut off"],
    ["has a broken row", { text: whole.replace("left", "gone") }, "line 2, column status"],
    ["has shrunk", { last: { present: 2, asOf: noon - 1 } }, "which is 50 % of the 2 of the last roster"],
    ["is older than the last one", { last: { present: 1, asOf: noon + 1 } }, "has been synced already"],
    [
      "has the time of the last one and other bytes",
      { last: { present: 1, asOf: noon, etag: "before" } },
      "give the mended export a later as-of",
    ],
    ["has a time that is wrong", { timeIsWrong: true }, "the time is wrong"],
  ])("that %s is rejected: nothing is published, and what was remembered stays", async (_, world, why) => {
    const { result, published, remembered, measured } = await watch(world);
    expect(JSON.stringify(result)).toContain(why);
    expect([published, remembered, measured.RosterNotBelieved]).toEqual([[], world.last, 1]);
    expect(measured).not.toHaveProperty("RosterDrift");
  });

  it("without a row of headings is described by the number of its columns: the cells are a person's", async () => {
    const { result } = await watch({ text: "p-1,ada@team.example,Ada King\np-2,bob@team.example,Bob\n" });
    expect(result).toEqual([
      "expected a column for personId, such as personId; got 3 columns, none of which has such a name. Name it with --column personId=NAME, or in the policy's roster.columns",
    ]);
  });

  it("fails where there is no time left to read the whole directory", async () => {
    await expect(watch({ budget: () => undefined })).rejects.toThrow("OutOfTime");
  });
});

describe("the inputs digest of a roster", () => {
  const conflictOf = (personId: string) =>
    ({ kind: "conflict", conflict: { kind: "personTwice", personId, rows: [2, 3] } }) as const;
  const excluded = { kind: "excluded", email: "zed@team.example", rule: "exclusions.roles: Board*" } as const;
  const [one, other] = [conflictOf("p-1"), conflictOf("p-2")];

  it("changes with the conflicts that are left, and not with the order in which they are found", () => {
    expect(new Set([[], [one], [other], [one, other]].map((left) => inputsDigest(left, policy))).size).toBe(
      4,
    );
    expect(inputsDigest([one, other], policy)).toBe(inputsDigest([other, one], policy));
  });

  it("does not change with what is excluded, and does with the policy", () => {
    const another = policySchema.parse({ accounts: [{ id: "lwa", domains: ["team.example"] }] });
    expect(inputsDigest([excluded, one], policy)).toBe(inputsDigest([one], policy));
    expect(inputsDigest([one], another)).not.toBe(inputsDigest([one], policy));
  });
});
