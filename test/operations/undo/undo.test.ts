import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planLines } from "../../../src/cli/commands/undo/undoLines.ts";
import { type Told, type Users, undoWorld } from "./undoWorld.ts";

const feed = "wrong feed";
const active = { state: "active", license: "Basic" } as const;

const left = (told: Omit<Told, "type">): Told => ({ type: "EmployeeLeft", ...told });
const back = (told: Omit<Told, "type">): Told => ({ type: "EmployeeReturned", ...told });
const licensed = (told: Omit<Told, "type">): Told => ({ type: "LicenseChanged", ...told });

it("takes a wrong feed back to the person, but for what HR has decided since", async () => {
  const users: Users = {
    "ada@lwa.example": active,
    "bob@lwa.example": active,
    "eve@lwa.example": { state: "suspended", license: "Pro" },
  };
  const world = undoWorld(users);
  await world.arrive(
    60,
    left({ id: "f-1", email: "ada@lwa.example", decided: 55, origin: feed }),
    left({ id: "f-2", email: "bob@lwa.example", decided: 55, origin: feed }),
    back({ id: "f-3", email: "eve@lwa.example", decided: 55, origin: feed }),
    licensed({ id: "f-4", email: "eve@lwa.example", decided: 55, license: "Basic", origin: feed }),
  );
  await world.arrive(70, left({ id: "hr-1", email: "bob@lwa.example", decided: 65 }));
  const { plan, report } = await world.undo(80, { origin: [feed] });
  expect(world.states()).toEqual({ ...users, "bob@lwa.example": { state: "suspended", license: "Basic" } });
  expect([plan.actions, plan.kept, report]).toEqual([
    { return: 1, leave: 1, license: 1 },
    [{ personId: "bob", aspect: "access", eventId: "f-2", because: "newer", by: "hr-1" }],
    { run: report.run, published: 3, untouched: 0, failed: [] },
  ]);
});

it("says in the plan that undone returns are suspensions, which the safeguard may hold", async () => {
  const world = undoWorld({ "eve@lwa.example": { state: "suspended", license: "Pro" } });
  await world.arrive(60, back({ id: "f-1", email: "eve@lwa.example", decided: 55, origin: feed }));
  const { plan } = await world.undo(80);
  const screen = { width: 200, paint: (_: unknown, text: string) => text };
  const textOf = (shown: typeof plan) =>
    planLines(
      shown,
      { target: { stage: "local", isDefault: false, region: "eu-central-1", endpoints: {} }, isAll: false },
      screen,
    );
  const warning =
    "The safeguard counts the 1 suspension, and may hold it: rollcall safeguard allow lets it pass in advance.";
  expect(
    [textOf(plan), textOf({ ...plan, actions: { return: 1 } })].map((lines) => lines.includes(warning)),
  ).toEqual([true, false]);
});

it("undoes what is older than events may be, puts it on record, and undoes that undo too", async () => {
  const world = undoWorld({ "ada@lwa.example": active });
  await world.arrive(60, left({ id: "f-1", email: "ada@lwa.example", decided: 55, origin: feed }));
  const threeDays = 3 * 24 * 60;
  await world.undo(threeDays, { origin: [feed] });
  const undone = world.states();
  await world.undo(threeDays + 10, { origin: ["undo"] });
  const steps = world.trailOf("f-1")?.map(({ step, code, by, note }) => ({ step, code, by, note }));
  expect([
    undone,
    world.states(),
    world.outcomeOf("#undo:f-1"),
    world.outcomeOf("#undo2:f-1"),
    steps?.at(-1),
  ]).toEqual([
    { "ada@lwa.example": active },
    { "ada@lwa.example": { state: "suspended", license: "Basic" } },
    "applied",
    "applied",
    { step: "undone", code: "#undo:f-1", by: "grace", note: "a wrong feed" },
  ]);
});

it("undoes a leave that came on its day after a newer return, which has ended another leave", async () => {
  const world = undoWorld({ "ada@lwa.example": active });
  const ada = { email: "ada@lwa.example" };
  await world.arrive(20, left({ id: "a-1", ...ada, decided: 10, effective: 300, origin: feed }));
  await world.arrive(40, left({ id: "hr-1", ...ada, decided: 30 }));
  await world.arrive(60, back({ id: "hr-2", ...ada, decided: 50 }));
  await world.arrive(310);
  const before = [world.states()["ada@lwa.example"]?.state, world.outcomeOf("a-1")];
  await world.undo(320, { origin: [feed] });
  const undone = world.states()["ada@lwa.example"]?.state;
  await world.undo(330, { origin: ["undo"] });
  expect([before, undone, world.states()["ada@lwa.example"]?.state]).toEqual([
    ["suspended", "applied"],
    "active",
    "suspended",
  ]);
});

it("tells that a wrong return has changed nothing yet but will keep an announced leave out, and undoes it from that day on", async () => {
  const world = undoWorld({ "ada@lwa.example": active });
  const ada = { email: "ada@lwa.example" };
  await world.arrive(20, left({ id: "hr-1", ...ada, decided: 10, effective: 300 }));
  await world.arrive(60, back({ id: "f-1", ...ada, decided: 50, origin: feed }));
  const { plan } = await world.undo(70, { origin: [feed] });
  await world.arrive(310);
  await world.undo(320, { origin: [feed] });
  expect([plan.changes, plan.notUndone, world.states()["ada@lwa.example"]?.state]).toEqual([
    [],
    [{ personId: "ada", aspect: "access", eventId: "f-1", why: "keepsOut" }],
    "suspended",
  ]);
});

it("lets whoever an account takes by invitation in with the license of before, and tells that", async () => {
  const users: Users = { "ada@team.example": { state: "active", license: "Pro" } };
  const world = undoWorld(users);
  await world.arrive(60, left({ id: "f-1", email: "ada@team.example", decided: 55, origin: feed }));
  const { plan } = await world.undo(70);
  expect([world.states()["ada@team.example"]?.license, plan.accounts]).toEqual([
    "Pro",
    [
      {
        accountId: "team",
        type: "Team",
        actions: { return: 1 },
        effects: { byInvitation: 1 },
        signedOut: true,
        newPins: false,
      },
    ],
  ]);
});

it("lists whom nobody had looked at before, and leaves them as they are", async () => {
  const world = undoWorld({ "ada@lwa.example": active });
  const known = { email: "ada@lwa.example", decided: 55, origin: feed, userId: "u-ada" };
  await world.arrive(60, left({ id: "f-1", ...known }));
  const { plan } = await world.undo(70);
  expect([plan.changes, plan.notUndone, world.states()["ada@lwa.example"]?.state]).toEqual([
    [],
    [{ personId: "ada", aspect: "access", eventId: "f-1", why: "unknownBefore" }],
    "suspended",
  ]);
});

describe("over random days of HR and of a wrong feed", () => {
  it("an undo leaves the directory as on a day without that feed, and once more changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(days, async ({ users, events, undoneAfter }) => {
        const world = undoWorld(users);
        const batches = inBatches(
          events.filter(({ origin }, index) => origin !== feed || index < undoneAfter),
        );
        let minute = 600;
        let isUndone = false;
        for (const { batch, isAfter } of batches(undoneAfter)) {
          minute += 2;
          if (isAfter && !isUndone) {
            isUndone = true;
            await world.undo(minute, { origin: [feed] });
            minute += 2;
          }
          await world.arrive(minute, ...batch);
        }
        // A decision that came late was superseded by what stood in its way: whoever undoes once more takes account of it.
        const { plan } = await world.undo(minute + 2, { origin: [feed] });
        const without = undoWorld(users);
        minute = 600;
        for (const { batch } of batches(undoneAfter)) {
          minute += 2;
          await without.arrive(minute, ...batch.filter(({ origin }) => origin !== feed));
        }
        const unknown = new Set(plan.notUndone.map(({ personId, aspect }) => `${personId} ${aspect}`));
        const told = (states: ReturnType<typeof world.states>) =>
          Object.entries(states).map(([email, { state, license }]) => [
            email,
            unknown.has(`${email.split("@")[0]} access`) ? "unknown" : state,
            unknown.has(`${email.split("@")[0]} license`) ? "unknown" : license,
          ]);
        expect(told(world.states())).toEqual(told(without.states()));
        expect((await world.undo(minute + 4, { origin: [feed] })).plan.changes).toEqual([]);
      }),
      { numRuns: Number(process.env.UNDO_RUNS ?? 60) },
    );
  });
});

interface RandomDay {
  users: Users;
  events: (Told & { endsBatch: boolean })[];
  undoneAfter: number;
}

const emails = ["ada@lwa.example", "bob@lwa.example"] as const;
const license = fc.constantFrom("Basic", "Pro");

const days: fc.Arbitrary<RandomDay> = fc
  .record({
    states: fc.tuple(
      ...emails.map(() => fc.record({ state: fc.constantFrom("active", "suspended"), license })),
    ),
    drafts: fc.array(
      fc.record({
        email: fc.constantFrom(...emails),
        kind: fc.constantFrom("EmployeeLeft", "EmployeeReturned", "LicenseChanged"),
        license,
        decided: fc.integer({ min: 540, max: 548 }),
        isWrong: fc.boolean(),
        endsBatch: fc.boolean(),
      }),
      { minLength: 1, maxLength: 10 },
    ),
    undoneAfter: fc.nat(10),
  })
  .map(({ states, drafts, undoneAfter }) => ({
    users: Object.fromEntries(emails.map((email, index) => [email, states[index]])) as Users,
    undoneAfter: Math.min(undoneAfter, drafts.length),
    events: drafts.map(({ kind, license: asked, isWrong, ...draft }, index) => ({
      ...draft,
      type: kind,
      id: `e-${index}`,
      ...(kind === "LicenseChanged" && { license: asked }),
      ...(isWrong && { origin: feed }),
    })) as RandomDay["events"],
  }));

/** The events in the batches in which they arrive. The undo comes between two of them. */
function inBatches(events: RandomDay["events"]) {
  return (undoneAfter: number) => {
    const batches: { batch: Told[]; isAfter: boolean }[] = [{ batch: [], isAfter: false }];
    for (const { endsBatch, ...event } of events) {
      const isAfter = Number(event.id.slice(2)) >= undoneAfter;
      const last = batches.at(-1);
      if (last === undefined || last.isAfter !== isAfter) batches.push({ batch: [event], isAfter });
      else last.batch.push(event);
      if (endsBatch) batches.push({ batch: [], isAfter });
    }
    return batches;
  };
}
