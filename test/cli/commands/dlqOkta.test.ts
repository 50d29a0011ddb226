import { describe, expect, it } from "vitest";
import { pipelineNames } from "../../../src/pipelineSettings.ts";
import { versionKey } from "../../../src/provisioning/decision.ts";
import { oktaEvent } from "../../inbound/fixtures/okta.ts";
import { leaverBody, useDlqBench } from "./dlqBench.ts";

const uuid = "0kta0000-0000-4000-8000-000000000001";
const whole = JSON.stringify(oktaEvent());
const nobody = JSON.stringify(oktaEvent({ uuid: "0kta-2", target: [] }));
const unusable = {
  kind: "rejected",
  code: "Unusable",
  reason: "detail.target names no User with an alternateId",
} as const;
const occurredAt = Date.parse("2026-05-14T17:00:00.123Z");
const ours = { eventId: `okta-${uuid}`, intent: "offboard", occurredAt, effectiveAt: occurredAt } as const;
const claim = {
  personId: "00u1",
  aspect: "access",
  eventId: ours.eventId,
  version: versionKey(ours),
  email: "ada@example.com",
} as const;
const because = ["--because", "done by hand", "--by", "eve", "--yes"];

describe("rollcall dlq, of a stack that takes in Okta's events,", () => {
  const bench = useDlqBench({ withOkta: true });

  it("lists Okta's dead letters after those of the pipelines, or alone", async () => {
    await bench.reject("offboard", [leaverBody("hr-1", "P-1")], { ...unusable, code: "UserNotFound" });
    await bench.reject("okta", [nobody], unusable);
    const all = JSON.parse((await bench.run(["dlq", "list", "--json"])).stdout);
    const { stdout } = await bench.run(["dlq", "list", "--json", "--pipeline", "okta"]);
    const { letters, ...about } = JSON.parse(stdout);
    const [{ messageId, since, ageSeconds, ...letter }] = letters;
    expect({ all: all.counts, about, letter }).toEqual({
      all: [
        { pipeline: "offboard", code: "UserNotFound", count: 1 },
        { pipeline: "okta", code: "Unusable", count: 1 },
      ],
      about: {
        target: { stage: "dev", account: null, region: "us-east-1" },
        stack: "rollcall-dev",
        count: 1,
        counts: [{ pipeline: "okta", code: "Unusable", count: 1 }],
        notFound: [],
      },
      letter: {
        pipeline: "okta",
        code: "Unusable",
        reason: unusable.reason,
        type: "user.lifecycle.deactivate",
        eventId: "0kta-2",
        emails: [],
        originalMessageId: "message-0",
        firstReceivedAt: "2026-05-14T17:00:05.000Z",
      },
    });
  });

  it("shows one by Okta's uuid, with why, what to do, and no address", async () => {
    await bench.moveToDeadLetters("okta", whole);
    const { exitCode, stdout } = await bench.run(["dlq", "show", uuid]);
    const facts = ["event ", "person "].map((name) =>
      stdout.split("\n").find((line) => line.trimStart().startsWith(name)),
    );
    expect({ exitCode, title: stdout.split("\n")[0], facts, leak: stdout.includes("ada@") }).toEqual({
      exitCode: 0,
      title: `${uuid}: ReceivedTooOften, SQS gave up on it`,
      facts: [`  event       user.lifecycle.deactivate ${uuid}`, "  person      00u1, a***@example.com"],
      leak: false,
    });
  });

  it("puts one back on the queue that it came from, as it came", async () => {
    await bench.moveToDeadLetters("okta", whole);
    const { exitCode, stdout } = await bench.run(["dlq", "redrive", "--pipeline", "okta"]);
    expect({
      exitCode,
      summary: stdout.split("\n").at(-2),
      queued: await bench.takeQueued("okta"),
      dead: await bench.takeDead("okta"),
    }).toEqual({ exitCode: 0, summary: "1 put back. In TARGET.", queued: [whole], dead: [] });
  });

  it("discards one as the event of ours that it would have become, of which no copy is carried out then", async () => {
    await bench.moveToDeadLetters("okta", whole);
    const { exitCode, stdout } = await bench.run(["dlq", "discard", uuid, ...because]);
    const [entry] = await bench.journalOf("00u1");
    const [answer] = await bench
      .ledger()
      .claim([{ ...claim, intent: "offboard" }], { owner: "x", now: 0, until: 1 });
    expect({ exitCode, summary: stdout.split("\n").at(-2), entry, answer }).toMatchObject({
      exitCode: 0,
      summary: "1 discarded. In TARGET.",
      entry: {
        eventId: `okta-${uuid}`,
        intent: "offboard",
        outcome: "discarded",
        code: "ReceivedTooOften",
        by: "eve",
        note: "done by hand",
        occurredAt: "2026-05-14T17:00:00.123Z",
      },
      answer: { kind: "discarded" },
    });
    expect(await bench.takeDead("okta")).toEqual([]);
  });

  it("says of one that no event can be made of that there is nothing to journal", async () => {
    await bench.reject("okta", [nobody], unusable);
    const { exitCode, stdout } = await bench.run(["dlq", "discard", "--pipeline", "okta", ...because]);
    expect({ exitCode, summary: stdout.split("\n").at(-2), dead: await bench.takeDead("okta") }).toEqual({
      exitCode: 0,
      summary: "1 discarded, with no person or event to journal. In TARGET.",
      dead: [],
    });
  });
});

describe("rollcall dlq, of a stack without Okta,", () => {
  const bench = useDlqBench();

  it("lists what the pipelines have, and does not speak of Okta", async () => {
    const run = await bench.run(["dlq", "list"]);
    const asked = bench.requests.filter(({ operation }) => operation === "GetQueueAttributes").length;
    expect({ run, asked }).toEqual({
      run: { exitCode: 0, stdout: "No dead letters in TARGET.\n", stderr: "" },
      asked: pipelineNames.length,
    });
  });

  it("says so when Okta's letters are asked for", async () => {
    const { stdout, ...end } = await bench.run(["dlq", "list", "--pipeline", "okta"]);
    expect({ ...end, stdout }).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "error: the stack rollcall-dev has no queues for Okta's events; name another with --stage or --stack, or another --region\n",
    });
  });
});
