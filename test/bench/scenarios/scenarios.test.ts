import { describe, expect, it } from "vitest";
import { readEvent } from "../../../bench/contenders/oneCallPerRecord.ts";
import { personOf } from "../../../bench/scenarios/people.ts";
import {
  batchesOf,
  changesOf,
  scenarioNames,
  toSqsRecord,
  usersOfDirectory,
} from "../../../bench/scenarios/scenarios.ts";

describe("scenarios", () => {
  describe.each(scenarioNames)("the scenario %s", (name) => {
    it("is about as many different people as there are records, all of them in the directory", () => {
      const ordinals = changesOf(name, 300).map(({ ordinal }) => ordinal);
      expect(new Set(ordinals).size).toBe(300);
      expect(ordinals.filter((ordinal) => ordinal < 1 || ordinal > usersOfDirectory(300))).toEqual([]);
    });

    it("is the same each time", () => {
      expect(changesOf(name, 300)).toEqual(changesOf(name, 300));
    });

    it("comes in batches that hold each change once", () => {
      const changes = changesOf(name, 2500);
      const byOrdinal = (a: { ordinal: number }, b: { ordinal: number }) => a.ordinal - b.ordinal;
      expect(batchesOf(changes).flat().toSorted(byOrdinal)).toEqual(changes.toSorted(byOrdinal));
    });
  });

  describe("the mix", () => {
    it("is half suspensions, half license changes, half of each by e-mail, and one in twenty fails", () => {
      const counts: Record<string, number> = {};
      for (const { intent, byEmail, fails } of changesOf("mix", 10_000)) {
        const kind = `${intent}, ${byEmail ? "by e-mail" : "by id"}${fails ? ", fails" : ""}`;
        counts[kind] = (counts[kind] ?? 0) + 1;
      }
      expect(counts).toEqual({
        "offboard, by e-mail": 2375,
        "offboard, by e-mail, fails": 125,
        "offboard, by id": 2375,
        "offboard, by id, fails": 125,
        "relicense, by e-mail": 2375,
        "relicense, by e-mail, fails": 125,
        "relicense, by id": 2375,
        "relicense, by id, fails": 125,
      });
    });

    it("keeps the queues apart, each cut to the pipeline's batch size", () => {
      const batches = batchesOf(changesOf("mix", 3000));
      expect(batches.map((batch) => [...new Set(batch.map(({ intent }) => intent)), batch.length])).toEqual([
        ["offboard", 1000],
        ["offboard", 500],
        ["relicense", 1000],
        ["relicense", 500],
      ]);
    });
  });
});

describe("toSqsRecord", () => {
  describe("a record of the bench", () => {
    it("holds an event that passes the schema and names the user", () => {
      const record = toSqsRecord({ ordinal: 7, intent: "offboard", byEmail: false, fails: false });
      const { type, data } = readEvent(record.body);
      expect({ type, data }).toEqual({ type: "EmployeeLeft", data: personOf(7) });
    });

    it("leaves the user's id out where the directory is to be asked", () => {
      const record = toSqsRecord({ ordinal: 7, intent: "relicense", byEmail: true, fails: false });
      const { personId, email } = personOf(7);
      const { type, data } = readEvent(record.body);
      expect({ type, data }).toEqual({
        type: "LicenseChanged",
        data: { personId, email, licenseType: "Pro" },
      });
    });
  });
});
