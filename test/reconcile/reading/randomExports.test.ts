import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { policySchema } from "../../../src/policy/policy.ts";
import type { NumberedRow } from "../../../src/reconcile/reading/completeRows.ts";
import { readingOptions, readRoster } from "../../../src/reconcile/reading/readRoster.ts";
import { type RandomExport, randomExport } from "./randomExport.ts";

/** Outside the suite: `RANDOM_EXPORTS=100000`. */
const runs = Number(process.env.RANDOM_EXPORTS ?? 1500);

/** Why an export may stop although a person would read it. */
const causes = [/expected one column for \w+; got two/];

describe("an export of known truth, written in a random form", () => {
  it("is read to exactly that truth, or stops for a cause that is known; nearly all are read", async () => {
    let read = 0;
    await fc.assert(
      fc.asyncProperty(randomExport, async (given) => {
        const reading = await readRandom(given);
        if (reading.kind === "broken") {
          expect(causes.some((cause) => reading.problems.every((problem) => cause.test(problem)))).toBe(true);
          return;
        }
        read += 1;
        expect(reading.rows.map(toWorker)).toEqual(given.workers);
      }),
      { numRuns: runs, endOnFailure: true },
    );
    expect(read / runs).toBeGreaterThan(0.95);
  });
});

function readRandom({ bytes, settings }: RandomExport) {
  async function* pieces() {
    for (let start = 0; start < bytes.length; start += 61) yield bytes.subarray(start, start + 61);
  }
  const policy = policySchema.parse({ roster: settings, accounts: [{ id: "team", domains: ["acme.com"] }] });
  return readRoster(pieces(), readingOptions(policy));
}

function toWorker({ personId, email, status, hireDate, lastDay, role }: NumberedRow) {
  return { personId, email, status, hireDate, lastDay, role };
}
