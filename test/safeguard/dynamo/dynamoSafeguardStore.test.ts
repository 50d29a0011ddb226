import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { usualLimits } from "../../../src/policy/suspensionLimits.ts";
import { dynamoSafeguardStore } from "../../../src/safeguard/dynamo/dynamoSafeguardStore.ts";
import { admit, giveBack } from "../../../src/safeguard/safeguard.ts";
import type { SafeguardState } from "../../../src/safeguard/safeguardState.ts";
import { type DynamoWorld, startDynamoWorld } from "../../ledger/dynamo/startDynamoWorld.ts";
import { safeguardContract } from "../safeguardContract.ts";

safeguardContract("the safeguard in DynamoDB", async () => {
  const world = await startDynamoWorld();
  return { store: dynamoSafeguardStore(world.table), close: world.close };
});

/** Within which nobody has to be counted here. */
const limits = { ...usualLimits, atLeast: 50 };

describe("the safeguard in DynamoDB", () => {
  let world: DynamoWorld;
  beforeEach(async () => {
    world = await startDynamoWorld();
  });
  afterEach(() => world.close());
  /** Somebody else writes before each of the next so many writes. */
  const comesFirst = (times: number) => {
    let left = times;
    const rival = dynamoSafeguardStore(world.healthy);
    world.table.dynamo.middlewareStack.add(
      (next, { commandName }) =>
        async (request) => {
          if (commandName === "PutItemCommand" && left-- > 0) await rival.update("team", signed);
          return next(request);
        },
      { step: "initialize" },
    );
  };
  const refused = { kind: "refuse", status: 500, code: "InternalServerError" } as const;
  const noon = Date.parse("2026-05-14T12:00:00Z");
  const request = { immediate: 0, others: 3 };
  const safeguardOf = (onFault: (error: unknown) => void = () => undefined) => ({
    store: dynamoSafeguardStore(world.table, () => 0),
    limitsOf: () => limits,
    onFault,
  });

  it("costs one read and one write, and a read alone where nothing changes", async () => {
    const { store } = safeguardOf();
    await admit(safeguardOf(), "team", request, limits, noon);
    await store.update("team", (state) => ({ state, answer: undefined }));
    expect(world.operations).toEqual(["GetItem", "PutItem", "GetItem"]);
  });

  it("decides anew on what another wrote in between", async () => {
    comesFirst(1);
    const seen: number[] = [];
    await safeguardOf().store.update("team", (state) => {
      seen.push(state.acts.length);
      return signed(state);
    });
    const [account] = await safeguardOf().store.list();
    expect([seen, account?.state.acts.length]).toEqual([[0, 1], 2]);
  });

  it("gives up where others keep coming first", async () => {
    comesFirst(100);
    await expect(safeguardOf().store.update("team", signed)).rejects.toThrow(
      "the safeguard's state of account team changed 20 times while it was to be written",
    );
  });

  it("answers with a fault, and never with a guess, if DynamoDB cannot be read or written", async () => {
    world.plan.push(refused);
    const unread = await admit(safeguardOf(), "team", request, limits, noon);
    world.plan.push(undefined, refused);
    const unwritten = await admit(safeguardOf(), "team", request, limits, noon);
    expect([unread.kind, unwritten.kind, await safeguardOf().store.list()]).toEqual(["fault", "fault", []]);
  });

  it("counts nobody twice when the answer to a write is lost and the client makes it once more", async () => {
    const patient = await startDynamoWorld(3);
    const safeguard = { ...safeguardOf(), store: dynamoSafeguardStore(patient.table, () => 0) };
    patient.plan.push(undefined, { kind: "loseAnswer" });
    const decision = await admit(safeguard, "team", { immediate: 0, others: 30 }, limits, noon);
    const [account] = await safeguard.store.list();
    await patient.close();
    expect([decision.kind === "decided" && decision.passed, account?.state]).toEqual([
      { immediate: 0, others: 30 },
      { admissions: [{ at: noon, people: 30, immediate: 0 }], acts: [] },
    ]);
  });

  it("keeps them counted, and says so, if they cannot be taken off again", async () => {
    const faults: unknown[] = [];
    const safeguard = safeguardOf((error) => faults.push(error));
    const decision = await admit(safeguard, "team", request, limits, noon);
    if (decision.kind !== "decided") throw new Error("expected a decision");
    world.plan.push(refused);
    await giveBack(safeguard, "team", decision.receipt, 3);
    const [account] = await safeguard.store.list();
    expect([faults.length, account?.state.admissions]).toEqual([1, [{ at: noon, people: 3, immediate: 0 }]]);
  });
});

const signed = (state: SafeguardState) => ({
  state: { ...state, acts: [...state.acts, { what: "reset", at: 0, by: "grace" } as const] },
  answer: undefined,
});
