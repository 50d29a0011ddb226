import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { hostileBodies } from "./hostileBodies.ts";
import type { HostileRun } from "./hostileRun.ts";

const everyEnd = [
  "FromTheFuture",
  "LicenseNotSupported",
  "Malformed",
  "ManagedInDirectory",
  "MaskedAddress",
  "Misrouted",
  "NeverRegistered",
  "PersonAmbiguous",
  "Unpublishable",
  "UserNotFound",
  "applied",
  "deferred",
  "excluded",
  "superseded",
];

/** `FUZZ_RECORDS=1000000` for a night; at least 20,000, in whole thousands. */
const records = Number(process.env.FUZZ_RECORDS ?? 100_000);

it("ends every hostile record in one outcome, serves their neighbours, and holds nothing of them", async () => {
  const program = fileURLToPath(new URL("./hostileRun.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--expose-gc",
    "--import",
    "tsx",
    program,
    String(records),
  ]);
  const { faults, tally, heldMegabytes }: HostileRun = JSON.parse(stdout);
  expect(faults).toEqual([]);
  const counts = Object.entries(tally);
  const neighbours = counts.filter(([key]) => key.startsWith("neighbour "));
  expect(neighbours).toEqual([["neighbour applied", records / 100]]);
  expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(1.01 * records);
  // A run that ends all in the same way would prove little.
  expect([...new Set(counts.map(([key]) => key.split(" ")[1]))].sort()).toEqual(everyEnd);
  const refusals = (kind: string) => [`${kind} Malformed`, `${kind} MaskedAddress`];
  expect(Object.keys(hostileBodies).filter((kind) => !refusals(kind).some((key) => key in tally))).toEqual(
    [],
  );
  // The first fifth fills the caches. What a leak holds is there ever after, what a collection left over only for a while.
  expect(Math.min(...heldMegabytes.slice(5)) - (heldMegabytes[1] ?? 0)).toBeLessThan(4);
});
