import { expect, it } from "vitest";
import { claimOf, entryOf, leaseOf, stand, type TestDecision } from "../../ledger/decisions.ts";
import { leaverBody, useDlqBench } from "./dlqBench.ts";

const bench = useDlqBench();
const notFound = { kind: "rejected", code: "UserNotFound", reason: "no such user" } as const;
const told: TestDecision = { personId: "P-1", eventId: "hr-1", minute: 540 };

/** As the functions do it: the decision is claimed, and its end written to the journal and to the head. */
async function settle(as: "applied" | "rejected", code?: string): Promise<void> {
  const lease = leaseOf(`as ${as}`);
  const ledger = bench.ledger();
  await ledger.claim([claimOf(told)], lease);
  const entry = { ...entryOf(told, as), ...(code !== undefined && { code }) };
  await ledger.commit([{ ...stand(told, as), entry }], lease);
}

it("a redrive is in the history, and what was refused before it stays there", async () => {
  await settle("rejected", "UserNotFound");
  await bench.reject("offboard", [leaverBody("hr-1", "P-1")], notFound);
  expect((await bench.run(["dlq", "redrive", "hr-1"])).exitCode).toBe(0);
  await settle("applied");
  const [entry] = await bench.journalOf("P-1");
  expect([entry?.outcome, entry?.trail?.map(({ step, code = "" }) => `${step} ${code}`.trim())]).toEqual([
    "applied",
    ["received", "rejected UserNotFound", "redriven", "applied"],
  ]);
  const { stdout } = await bench.run(["history", "P-1"]);
  expect(stdout).toMatch(
    /received \S+Z {2}rejected \S+Z: UserNotFound {2}redriven \S+Z by .+ {2}applied \S+Z/,
  );
});

it("a redrive of what no function ever decided about is in the history too", async () => {
  await bench.moveToDeadLetters("offboard", leaverBody("hr-2", "P-2"));
  expect((await bench.run(["dlq", "redrive", "hr-2"])).exitCode).toBe(0);
  const [entry] = await bench.journalOf("P-2");
  expect([entry?.outcome, entry?.code, entry?.trail?.map(({ step }) => step)]).toEqual([
    "rejected",
    "ReceivedTooOften",
    ["received", "rejected", "redriven"],
  ]);
});
