import { nth } from "@rollcall/simulated-service/planCombinators";
import { describe, expect, it, onTestFinished } from "vitest";
import { userError, when } from "../../../packages/chime-simulator/faultPlans.ts";
import { resetFault } from "../../../packages/chime-simulator/scriptedFault.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { type MemoryStore, memoryLedger, memoryStore } from "../../../src/ledger/memory/memoryLedger.ts";
import { memoryIdentityCache } from "../../../src/ledger/memory/memoryPorts.ts";
import type { Intent } from "../../../src/pipelineSettings.ts";
import type { QueueRecord } from "../../../src/provisioning/decision.ts";
import { memorySafeguardStore } from "../../../src/safeguard/safeguard.ts";
import { startChimeWorld } from "../../directory/chime/chimeWorld.ts";
import { counted, personOf, tally } from "../limitedService.ts";
import { aRecord, type EventSample } from "../records.ts";
import { type Run, runBatch } from "../runBatch.ts";
import { noon } from "../samples.ts";

/**
 * Amazon's documents do not say whether a Team account shows a suspended user, nor whether an invitation brings the same user
 * back. What holds under one reading only is not held.
 */
describe.each([
  { suspendedTeamUsers: "listed", reinvitedTeamUsers: "restored" },
  { suspendedTeamUsers: "listed", reinvitedTeamUsers: "new" },
  { suspendedTeamUsers: "absent", reinvitedTeamUsers: "restored" },
  { suspendedTeamUsers: "absent", reinvitedTeamUsers: "new" },
] as const)(
  "Team users who are $suspendedTeamUsers once suspended, and $reinvitedTeamUsers by an invitation:",
  (settings) => {
    it("a suspension that the client makes again, because its answer was lost, is no dead letter", async () => {
      const { run, simulator } = await startDrain();
      simulator.faults.add(loseFirstAnswer());
      expect(await run("offboard", leavers(3))).toSatisfy(isSettled(3));
    });

    it("whose suspension had no answer, and comes again, has left", async () => {
      const { run, simulator } = await startDrain("one");
      simulator.faults.add(loseFirstAnswer());
      const first = await run("offboard", leavers(3));
      const again = await run("offboard", leavers(3, { receiveCount: 2 }), { now: noon + 60_000 });
      expect([first, isSettled(3)(again)]).toEqual([{ "retry ECONNRESET": 3 }, true]);
    });

    it("who was suspended by a worker that died has left", async () => {
      const { run, store } = await startDrain();
      expect(await run("offboard", leavers(3), { ledger: dyingLedger(store) })).toEqual({
        "retry LedgerUnavailable": 3,
      });
      expect(await run("offboard", leavers(3, { receiveCount: 2 }), { now: noon + 60_000 })).toSatisfy(
        isSettled(3),
      );
    });

    it("whom the account shows, and refuses to suspend as unknown, has not left", async () => {
      const { run, simulator } = await startDrain();
      simulator.faults.add(when({ operation: "BatchSuspendUser" }, userError("team-1", "NotFound")));
      const outcome = await run("offboard", leavers(3));
      expect([outcome, simulator.directory.user("team", "team-1")?.registration]).toEqual([
        { applied: 2, "rejected NotFound": 1 },
        "Registered",
      ]);
    });

    it("whom somebody else suspends between the look-up and the call has left", async () => {
      const { run, simulator } = await startDrain();
      simulator.faults.add(
        when({ operation: "BatchSuspendUser" }, () => {
          simulator.directory.changeUser("team", "team-1", { registration: "Suspended" });
          return undefined;
        }),
      );
      expect(await run("offboard", leavers(3))).toSatisfy(isSettled(3));
    });

    it("whose license changes as somebody else suspends them get it, or wait for it where they are not shown any more", async () => {
      const { run, simulator } = await startDrain();
      simulator.faults.add(
        when({ operation: "BatchUpdateUser" }, () => {
          simulator.directory.changeUser("team", "team-1", { registration: "Suspended" });
          return undefined;
        }),
      );
      const changes = Array.from({ length: 3 }, (_, index) =>
        aRecord("LicenseChanged", {
          ...personOf(index),
          id: `license-${index}`,
          data: { licenseType: "Pro" },
        }),
      );
      expect(await run("relicense", changes)).toEqual(
        settings.suspendedTeamUsers === "listed" ? { applied: 3 } : { applied: 2, deferred: 1 },
      );
    });

    it("who leaves a second time has left already", async () => {
      const { run } = await startDrain();
      const again = leavers(3, { id: "again", occurredAt: "2026-05-14T11:30:00Z" });
      expect([await run("offboard", leavers(3)), await run("offboard", again)]).toEqual([
        { applied: 3 },
        { unchanged: 3 },
      ]);
    });

    it("a suspension that was repeated stays counted: of 20 leavers no more than the limit pass", async () => {
      const { run, simulator, admissions } = await startDrain();
      const limits = { atLeast: 10, percent: 5, windowMinutes: 60, immediate: 2 };
      const outcomes = [];
      for (const from of [0, 10]) {
        const removeFault = simulator.faults.add(loseFirstAnswer());
        outcomes.push(await run("offboard", leavers(10, { from }), { limits }));
        removeFault();
      }
      expect([isSettled(10)(outcomes[0] ?? {}), outcomes[1], await counted(admissions)]).toEqual([
        true,
        { "held SuspensionLimit": 10 },
        10,
      ]);
      expect(simulator.directory.tally("team").Suspended).toBe(10);
    });

    it("who is invited anew gets the license, and leaves, as who they are now", async () => {
      const { run, simulator } = await startDrain();
      const licensed = (id: string, time: string) => [
        aRecord("LicenseChanged", { ...personOf(0), id, ...at(time), data: { licenseType: "Pro" } }),
      ];
      const active = () =>
        simulator.directory
          .users("team")
          .filter(({ email, registration }) => email === personOf(0).email && registration !== "Suspended");
      await run("relicense", licensed("license", "11:00"));
      await run("offboard", leavers(1, at("11:10")));
      await run("reinstate", [aRecord("EmployeeReturned", { ...personOf(0), id: "back", ...at("11:20") })]);
      await run("relicense", licensed("again", "11:30"));
      const back = active().map(({ license }) => license);
      const outcome = await run("offboard", leavers(1, { id: "left-again", ...at("11:40") }));
      expect([back, outcome, active()]).toEqual([["Pro"], { applied: 1 }, []]);
    });

    it("who was let in again by hand, as a new user, is not suspended under the remembered id", async () => {
      const { run, store, simulator } = await startDrain();
      const [email, personId] = [personOf(0).email, personOf(0).personId];
      simulator.directory.changeUser("team", "team-0", { registration: "Suspended" });
      simulator.directory.addUser("team", { id: "new", email });
      await memoryIdentityCache(store).remember("team", [{ personId, email, userId: "team-0" }]);
      const outcome = await run("offboard", leavers(1));
      expect([outcome, simulator.directory.user("team", "new")?.registration]).toEqual([
        { applied: 1 },
        "Suspended",
      ]);
    });

    it("whom nobody has seen stays a dead letter, also after a try without an answer", async () => {
      const { run, simulator } = await startDrain("one");
      const stranger = (receiveCount: number) => [
        aRecord("EmployeeLeft", { personId: "p-x", email: "nobody@team.example", receiveCount }),
      ];
      simulator.faults.add(when({ operation: "ListUsers" }, nth(1, resetFault("before"))));
      const outcomes = [
        await run("offboard", stranger(1)),
        await run("offboard", stranger(2), { now: noon + 60_000 }),
      ];
      expect(outcomes).toEqual([{ "retry ECONNRESET": 1 }, { "rejected UserNotFound": 1 }]);
    });

    async function startDrain(attempts: "asDeployed" | "one" = "asDeployed") {
      const users = Array.from({ length: 40 }, (_, index) => ({
        userId: `team-${index}`,
        email: personOf(index).email,
        state: "active" as const,
        license: "Basic",
        type: "person" as const,
      }));
      const world = await startChimeWorld([{ accountId: "team", type: "Team", users }], attempts, settings);
      onTestFinished(world.close);
      const store = memoryStore();
      const admissions = memorySafeguardStore();
      const run = async (intent: Intent, records: readonly QueueRecord[], given: Partial<Run> = {}) =>
        tally(
          (
            await runBatch(records, {
              intent,
              directory: world.directory,
              store,
              admissions,
              budget,
              ...given,
            })
          ).outcomes,
        );
      return { run, admissions, store, simulator: world.simulator };
    }
  },
);

const budget = () => ({ milliseconds: 10_000 });

/** So many leavers whose ids nobody has named. */
function leavers(
  count: number,
  { from = 0, id = "left", ...event }: EventSample & { from?: number } = {},
): QueueRecord[] {
  return Array.from({ length: count }, (_, index) =>
    aRecord("EmployeeLeft", { ...event, ...personOf(from + index), id: `${id}-${from + index}` }),
  );
}

const at = (time: string) => ({ occurredAt: `2026-05-14T${time}:00Z` });

/** The first suspension takes effect, and its answer is lost. */
function loseFirstAnswer() {
  return when({ operation: "BatchSuspendUser" }, nth(1, resetFault("after")));
}

/** The worker is killed when it has made its calls. */
function dyingLedger(store: MemoryStore): Ledger {
  return { ...memoryLedger(store), commit: () => Promise.reject(new Error("killed")) };
}

/** Says whether so many messages, and no others, ended as they should. */
const isSettled =
  (count: number) =>
  ({ applied = 0, unchanged = 0, ...others }: Record<string, number>) =>
    applied + unchanged === count && Object.keys(others).length === 0;
