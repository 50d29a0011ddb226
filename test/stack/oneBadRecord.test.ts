import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { devAccount } from "../../dev/service/devAccount.ts";
import { type DynamoServer, startDynamo } from "../../packages/aws-local/dynamodb/startDynamo.ts";
import { type ChimeSimulator, startChimeSimulator } from "../../packages/chime-simulator/chimeSimulator.ts";
import { toEntry } from "../../src/events/eventEntry.ts";
import { type StartedFunction, startPackaged } from "../lambda/startPackaged.ts";
import { ledgerTables } from "../ledgerTables.ts";
import { type QueueWorld, receive, startQueueWorld } from "../queue/queueWorld.ts";

/**
 * The packaged function, one run a case: 1,000 leavers, of whom one is odd (in one run each of twenty). Whatever is right for that
 * one, the other 999 are suspended at the first receive. A program that knows no schema has put the odd one into the queue.
 */
interface Case {
  /** What the event says instead. */
  event?: (leaver: Leaver) => Leaver;
  /** What a program would write that JavaScript's own JSON would not. */
  body?: (body: string) => string;
  /** What `rollcall publish` says of it. */
  publish: "entry" | "malformed" | "TooLarge" | "TooDeep" | "UnsendableCharacter";
  /** A dead letter with this code and reason; or it is carried out, with what is odd in it left alone. */
  right: { code: string; reason: string | RegExp } | "suspended";
}

interface Leaver {
  metadata: Record<string, unknown>;
  data: Record<string, unknown>;
}

const withData =
  (more: Record<string, unknown>) =>
  ({ metadata, data }: Leaver): Leaver => ({
    metadata,
    data: { ...data, ...more },
  });
const malformed = (reason: string | RegExp) => ({ code: "Malformed", reason });

/** Each is a zone to `Intl`, and none to Temporal. */
const poisonousZones = "AC AE AG AR AS BE BS CA CN CS CT EA EC IE IS JS MI NE NS PL PN PR PS SS VS"
  .split(" ")
  .map((letters) => `${letters}T`);

const ofZone = (timeZone: string): Case => ({
  event: withData({ effectiveDate: "2026-05-31", timeZone }),
  publish: "malformed",
  right: malformed(
    "data.timeZone: expected an IANA time zone, such as Pacific/Auckland, and no abbreviation; got a string of 3 characters",
  ),
});

const unseen = (place: string, code: string) =>
  malformed(
    new RegExp(
      `^data\\.${place}: expected .* without invisible characters, .*; got .*, with U\\+${code} \\(invisible\\)$`,
    ),
  );

const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const withNested = (levels: number): Pick<Case, "event" | "body"> => ({
  event: withData({ extra: "here" }),
  body: (body) => body.replace('"here"', () => nested(levels)),
});

/** Of a body with so many bytes. */
const withBytes = (bytes: number): Pick<Case, "event" | "body"> => ({
  event: withData({ extra: "here" }),
  body: (body) => body.replace("here", () => "x".repeat(bytes - body.length + "here".length)),
});

/** People write these more often than all others, so each has a run of its own. */
const frequentZones = ["IST", "PST", "CST", "JST", "BST"];
const otherZones = poisonousZones.filter((zone) => !frequentZones.includes(zone));

const cases: [string, Case][] = [
  ...frequentZones.map((zone): [string, Case] => [`the time zone ${zone}`, ofZone(zone)]),
  [
    "an invisible character in the address",
    {
      event: withData({ email: "p7\u200b@example.com" }),
      publish: "malformed",
      right: unseen("email", "200B"),
    },
  ],
  [
    "an invisible character in the person's id",
    { event: withData({ personId: "P\u00ad7" }), publish: "malformed", right: unseen("personId", "00AD") },
  ],
  [
    "U+FFFF in the person's id, escaped, as SQS takes it",
    {
      event: withData({ personId: "P\uffff7" }),
      body: (body) => body.replace("\uffff", "\\uffff"),
      publish: "malformed",
      right: malformed(
        /^data\.personId: .*; got a string of 3 characters, with U\+FFFF \(not a character\)$/,
      ),
    },
  ],
  [
    "U+FFFF where nobody looks, escaped",
    {
      event: withData({ reason: "\uffff" }),
      body: (body) => body.replace("\uffff", "\\uffff"),
      publish: "UnsendableCharacter",
      right: "suspended",
    },
  ],
  [
    "half of a surrogate pair in the person's id",
    {
      event: withData({ personId: "P\ud83d7" }),
      publish: "malformed",
      right: malformed(
        /^data\.personId: .*; got a string of 3 characters, with U\+D83D \(half of a character\)$/,
      ),
    },
  ],
  [
    "256 KiB and an envelope, which the bus does not take",
    { ...withBytes(256 * 1024 + 200), publish: "TooLarge", right: "suspended" },
  ],
  [
    "more than the bus and its envelope",
    {
      ...withBytes(256 * 1024 + 4096),
      publish: "TooLarge",
      right: malformed("body: expected at most 264192 characters; got a string of 266240 characters"),
    },
  ],
  [
    "an id of 128 characters outside of the basic plane",
    { event: withData({ personId: "😀".repeat(128) }), publish: "entry", right: "suspended" },
  ],
  ["500 levels in all", { ...withNested(497), publish: "entry", right: "suspended" }],
  [
    "501 levels",
    {
      ...withNested(498),
      publish: "TooDeep",
      right: malformed("body: expected JSON of at most 500 levels; got more"),
    },
  ],
  [
    "a placeholder for an id",
    {
      event: withData({ personId: "N/A" }),
      publish: "malformed",
      right: malformed(
        "data.personId: expected an id of its own, and no placeholder such as N/A, 0, - or unknown; got a string of 3 characters",
      ),
    },
  ],
  [
    "a masked address",
    {
      event: withData({ email: "p***@example.com" }),
      publish: "malformed",
      right: {
        code: "MaskedAddress",
        reason:
          "MaskedAddress: data.email: expected the whole address, and not one masked with ***; got a string of 16 characters",
      },
    },
  ],
];

const runs: { name: string; odd: readonly Case[] }[] = [
  ...cases.map(([name, given]) => ({ name: `one of 1,000 leavers has ${name}`, odd: [given] })),
  { name: "each of 20 leavers of 1,000 has another such time zone", odd: otherZones.map(ofZone) },
];

const peopleInAll = 1000;
/** The odd ones lie in the middle of the batch. */
const firstOdd = 617;

/** Each case has an account and a domain of its own, so that everybody is there to be suspended. */
const accountOf = (index: number) => `case-${index}`;

let offboard: StartedFunction;
let chime: ChimeSimulator;
let queues: QueueWorld;
let dynamo: DynamoServer;
let deadLetterQueueUrl: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-one-bad-record-"));
  const policyFile = join(folder, "policy.json");
  const accounts = runs.map((_, index) => ({
    id: accountOf(index),
    domains: [`${accountOf(index)}.example`],
  }));
  await writeFile(policyFile, JSON.stringify({ safeguard: false, accounts }));
  const tables = ledgerTables();
  dynamo = await startDynamo(tables, devAccount);
  queues = await startQueueWorld();
  deadLetterQueueUrl = await queues.createQueue();
  chime = await startChimeSimulator({
    accounts: runs.map((_, index) => ({
      id: accountOf(index),
      type: "EnterpriseLWA",
      people: Array.from({ length: peopleInAll }, (_, n) => ({ email: `p${n}@${accountOf(index)}.example` })),
    })),
  });
  offboard = await startPackaged("offboard", {
    environment: {
      POLICY_FILE: policyFile,
      TABLE_NAME: String(tables[0]?.create.TableName),
      QUEUE_URL: await queues.createQueue(),
      DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
      POWERTOOLS_SERVICE_NAME: "rollcall-dev",
      CLIENT_TIMEOUT_FACTOR: "10",
      AWS_ENDPOINT_URL_CHIME: chime.url,
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
      AWS_ENDPOINT_URL_SQS: new URL(deadLetterQueueUrl).origin,
    },
  });
});
afterAll(async () => {
  for (const part of [offboard, chime, queues, dynamo]) await part.close();
  await rm(folder, { recursive: true });
});

/** A leaver as EventBridge delivers it. */
function bodyOf(
  index: number,
  n: number,
  { event = (leaver) => leaver, body = (text) => text }: Case,
): string {
  const domain = `${accountOf(index)}.example`;
  const leaver: Leaver = {
    metadata: { id: `left-${index}-${n}`, schemaVersion: "1.0", occurredAt: "2026-05-14T17:00:00Z" },
    data: { personId: `P-${index}-${n}`, email: `p${n}@${domain}` },
  };
  const detail = event(leaver);
  return body(JSON.stringify({ "detail-type": "EmployeeLeft", source: "rollcall.hr", detail }));
}

function record(body: string, n: number) {
  return {
    messageId: `m-${n}`,
    receiptHandle: "none",
    body,
    messageAttributes: {},
    attributes: { ApproximateReceiveCount: "1", ApproximateFirstReceiveTimestamp: "1778778000000" },
  };
}

const ordinary: Case = { publish: "entry", right: "suspended" };

describe("the packaged function", () => {
  it.each(runs.map((run, index) => ({ ...run, index })))(
    "suspends all others at the first receive where $name",
    async ({ odd, index }) => {
      const bodies = Array.from({ length: peopleInAll }, (_, n) =>
        bodyOf(index, n, odd[n - firstOdd] ?? ordinary),
      );
      const expected = odd.flatMap(({ right }, n) =>
        right === "suspended" ? [] : [{ body: bodies[firstOdd + n], ...right }],
      );
      const response = await offboard.invoke({ Records: bodies.map(record) });
      const { Suspended } = chime.directory.tally(accountOf(index));
      const dead = await receive(queues.sqs, deadLetterQueueUrl, expected.length);
      const letters = dead.map(({ Body, MessageAttributes: attributes }) => ({
        body: Body,
        code: attributes?.RollcallCode?.StringValue,
        reason: attributes?.RollcallReason?.StringValue,
      }));
      expect({ response, Suspended }).toEqual({
        response: { batchItemFailures: [] },
        Suspended: peopleInAll - expected.length,
      });
      expect(letters.toSorted(byBody)).toEqual(
        expected
          .map(({ reason, ...letter }) => ({
            ...letter,
            reason: typeof reason === "string" ? reason : expect.stringMatching(reason),
          }))
          .toSorted(byBody),
      );
    },
  );
});

function byBody(a: { body?: string | undefined }, b: { body?: string | undefined }): number {
  return (a.body ?? "") < (b.body ?? "") ? -1 : 1;
}

describe("publish says before it is sent", () => {
  it.each([...cases, ...otherZones.map((zone): [string, Case] => [`the time zone ${zone}`, ofZone(zone)])])(
    "what is wrong with %s",
    (_, given) => {
      const checked = toEntry(Buffer.from(bodyOf(0, firstOdd, given)), { unchecked: false });
      expect(checked.status === "refused" ? checked.code : checked.status).toBe(given.publish);
    },
  );
});
