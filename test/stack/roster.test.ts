import { readFileSync } from "node:fs";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { devAccount } from "../../dev/service/devAccount.ts";
import { readJournal } from "../../dev/service/readOutcomes.ts";
import type { ServiceStack } from "../../dev/service/serviceStack.ts";
import type { S3Fault } from "../../packages/aws-local/s3/startS3.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { folder, stoppingFiles } from "../reconcile/reading/exportFiles.ts";
import { deadLetterReasons, startTestStack, stateOf, team } from "./testStack.ts";

const roster = [
  "Employee_ID,Work_Email,Status",
  "P-ada,ada@example.com,Terminated",
  "P-bob,bob@example.com,Active",
  "P-cem,cem@example.com,Active",
  "P-eve,eve@example.com,Active",
  "",
].join("\n");
const names = ["ada", "bob", "cem", "eve"];
const before = ["Registered", "Registered", "Suspended", undefined];
const people = [
  { id: "u-ada", email: "ada@example.com" },
  { id: "u-bob", email: "bob@example.com" },
  { id: "u-cem", email: "cem@example.com", registration: "Suspended" as const },
];

/** The metrics of the roster. */
const measuredSchema = z.record(z.string(), z.unknown()).transform((line) => {
  const own = Object.entries(line).filter(([name]) => /^Roster/.test(name) && name !== "RosterAgeSeconds");
  return Object.fromEntries(own);
});

/** The packaged service, its roster in S3, and each run of its function. */
async function startWorld(mode: "report" | "sync") {
  const lines: string[] = [];
  let fault: S3Fault | undefined;
  const stack = await startTestStack({
    accounts: [{ id: team, type: "Team", people }],
    adjustPolicy: (policy) => ({ ...policy, accounts: policy.accounts.filter(({ id }) => id === team) }),
    environment: { ROSTER_MODE: mode },
    s3Faults: () => fault,
    onLog: ({ functionName, line }) => {
      if (functionName.endsWith("-roster")) lines.push(line);
    },
  });
  const { region, credentials } = devAccount;
  const s3 = new S3Client({ region, credentials, endpoint: stack.s3.url, forcePathStyle: true });
  return {
    stack,
    lines,
    breakOff: (afterBytes: number | undefined) => {
      fault = afterBytes === undefined ? undefined : { kind: "breakOff", afterBytes };
    },
    put: (Body: string | Uint8Array, asOf: string) =>
      s3.send(
        new PutObjectCommand({
          Bucket: "acme-hr",
          Key: "exports/workers.csv",
          Body,
          Metadata: { "as-of": asOf },
        }),
      ),
    /** Invokes the function as its schedule does, and waits until the service is at rest. */
    run: async () => {
      lines.splice(0);
      const invocation = await stack.functions.get("rollcall-dev-roster")?.invoke({});
      await waitUntilIdle(stack);
      const metrics = lines.filter((line) => line.includes('"_aws"'));
      return {
        ended: invocation?.kind,
        measured: metrics.map((line) => measuredSchema.parse(JSON.parse(line))),
      };
    },
    close: async () => {
      s3.destroy();
      await stack.close();
    },
  };
}

const statesIn = (stack: ServiceStack) => names.map((name) => stateOf(stack, team, `${name}@example.com`));
const measured = (drift: number, published: number, notBelieved = 0) => ({
  RosterNotBelieved: notBelieved,
  RosterDrift: drift,
  RosterUnsolved: 0,
  RosterEventsPublished: published,
  RosterEventsNotPublished: 0,
});

it("a roster in S3 is only reported on, unless the function is to publish events", async () => {
  const world = await startWorld("report");
  try {
    await world.put(roster, "2026-05-14T12:00:00Z");
    const runs = [await world.run(), await world.run()];
    expect([runs, statesIn(world.stack), await readJournal(world.stack)]).toEqual([
      Array(2).fill({ ended: "response", measured: [measured(3, 0)] }),
      before,
      new Map(),
    ]);
    expect(world.lines.join("\n")).not.toContain("@");
  } finally {
    await world.close();
  }
});

describe("a function that publishes events for a roster in S3", () => {
  let world: Awaited<ReturnType<typeof startWorld>>;
  beforeAll(async () => {
    world = await startWorld("sync");
  });
  afterAll(() => world.close());

  it("publishes nothing of a roster that is cut off, or whose transfer breaks off, and raises an alarm", async () => {
    await world.put(roster.slice(0, -10), "2026-05-14T12:00:00Z");
    const cutOff = await world.run();
    await world.put(roster, "2026-05-14T12:00:00Z");
    world.breakOff(60);
    const brokenOff = await world.run();
    world.breakOff(undefined);
    expect([cutOff, brokenOff.ended, statesIn(world.stack)]).toEqual([
      { ended: "response", measured: [{ RosterNotBelieved: 1 }] },
      "error",
      before,
    ]);
  });

  it.each(stoppingFiles)("publishes nothing of %s, which must stop", async (file) => {
    await world.put(readFileSync(new URL(file, folder)), "2026-05-14T12:00:00Z");
    const { ended, measured } = await world.run();
    expect({
      ended,
      measured,
      states: statesIn(world.stack),
      journal: await readJournal(world.stack),
    }).toEqual({
      ended: "response",
      measured: [{ RosterNotBelieved: 1 }],
      states: before,
      journal: new Map(),
    });
  });

  it("brings the directory to the roster, and finds nothing to do the next time", async () => {
    await world.put(roster, "2026-05-14T12:00:00Z");
    const first = await world.run();
    const states = statesIn(world.stack);
    const second = await world.run();
    const kinds = [...(await readJournal(world.stack)).values()];
    expect({ first, states, second, kinds, deadLetters: await deadLetterReasons(world.stack) }).toEqual({
      first: { ended: "response", measured: [measured(0, 3)] },
      states: ["Suspended", "Registered", "Registered", "Unregistered"],
      second: { ended: "response", measured: [measured(0, 0)] },
      kinds: ["applied", "applied", "applied"],
      deadLetters: [],
    });
    expect(world.lines.join("\n")).not.toContain("@");
  });

  it("takes a new address, and one that HR has cleared, for those of the people whom the ledger knows", async () => {
    const changed = roster
      .replace("eve@example.com", "eve.married@example.com")
      .replace("P-cem,cem@example.com,Active", "P-cem,,Terminated\nP-fay,fay@example.com,Active");
    await world.put(changed, "2026-05-14T13:00:00Z");
    const { measured: lines } = await world.run();
    expect({
      lines,
      states: ["cem", "eve", "eve.married", "fay"].map((name) =>
        stateOf(world.stack, team, `${name}@example.com`),
      ),
      deadLetters: await deadLetterReasons(world.stack),
    }).toEqual({
      lines: [measured(0, 2)],
      states: ["Suspended", "Unregistered", undefined, "Unregistered"],
      deadLetters: [],
    });
  });

  it("believes neither an older roster nor a smaller one after that", async () => {
    await world.put(roster, "2026-05-14T11:00:00Z");
    const older = await world.run();
    const [heading = "", , bob = ""] = roster.split("\n");
    await world.put(`${heading}\n${bob}\n`, "2026-05-15T12:00:00Z");
    const shrunken = await world.run();
    expect([older, shrunken]).toEqual(
      Array(2).fill({ ended: "response", measured: [{ RosterNotBelieved: 1 }] }),
    );
  });
});
