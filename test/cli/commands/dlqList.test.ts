import { describe, expect, it } from "vitest";
import { leaverBody, useDlqBench } from "./dlqBench.ts";

const bench = useDlqBench();
const notFound = {
  kind: "rejected",
  code: "UserNotFound",
  reason: "account team-0001 has no user with this address; check the address in HR, or suspend by hand",
} as const;
const hours = 3_600_000;

async function fillQueues() {
  await bench.reject("offboard", [leaverBody("hr-1", "P-1")], { ...notFound, agoMilliseconds: 5 * hours });
  await bench.reject("offboard", [leaverBody("hr-2", "P-2")], { ...notFound, agoMilliseconds: 3 * hours });
  await bench.reject("offboard", ["not JSON"], {
    kind: "rejected",
    code: "Malformed",
    reason: "body: expected a JSON object with detail-type and detail; got a string of 8 characters",
    agoMilliseconds: 2 * hours,
  });
  await bench.moveToDeadLetters("relicense", leaverBody("hr-4", "P-4"), {
    ERROR_CODE: "NO_PERMISSIONS",
    ERROR_MESSAGE: "the queue's policy does not let the rule send",
    RETRY_ATTEMPTS: "0",
  });
  await bench.moveToDeadLetters("reinstate", leaverBody("hr-5", "P-5"));
}

describe("rollcall dlq list", () => {
  it("says that there are none, which is no failure", async () => {
    const runs = [await bench.run(["dlq", "list"]), await bench.run(["dlq", "list", "--code", "Malformed"])];
    expect(runs).toEqual([
      { exitCode: 0, stdout: "No dead letters in TARGET.\n", stderr: "" },
      { exitCode: 0, stdout: "No dead letter matches in TARGET.\n", stderr: "" },
    ]);
  });

  it("lists every kind of them, counts each kind, and says what to do next", async () => {
    await fillQueues();
    const { stdout, ...end } = await bench.run(["dlq", "list"]);
    expect(end).toEqual({ exitCode: 0, stderr: "" });
    expect(withoutIds(stdout).split("\n")).toEqual([
      "PIPELINE  CODE  PERSON  AGE  ID  REASON",
      `offboard  UserNotFound  P-1  5 h  hr-1  ${notFound.reason}`,
      `offboard  UserNotFound  P-2  3 h  hr-2  ${notFound.reason}`,
      "offboard  Malformed  -  2 h  ID  body: expected a JSON object with detail-type and detail; got a string of 8 characters",
      "reinstate  ReceivedTooOften  P-5  ? s  hr-5  SQS delivered it as often as the queue allows, and no invocation reached an outcome",
      "relicense  Undelivered  P-4  ? s  hr-4  EventBridge could not deliver it to the queue after 0 retries (NO_PERMISSIONS: the queue's policy does not let the rule send)",
      "",
      "5 dead letters:",
      "  2  offboard  UserNotFound  no user has this address",
      "  1  offboard  Malformed  breaks its schema",
      "  1  reinstate  ReceivedTooOften  SQS gave up on it",
      "  1  relicense  Undelivered  EventBridge gave up on it",
      "",
      "What to do about one of them: rollcall dlq show TARGET hr-1",
      "",
    ]);
  });

  it("leaves every letter where it is, for whoever reads next", async () => {
    const bodies = Array.from({ length: 23 }, (_, index) => leaverBody(`hr-${index}`, "P-1"));
    await bench.reject("offboard", bodies, notFound);
    bench.requests.length = 0;
    const runs = [await bench.run(["dlq", "list", "--json"]), await bench.run(["dlq", "list", "--json"])];
    expect(runs.map(({ stdout }) => JSON.parse(stdout).count)).toEqual([23, 23]);
    expect(bench.requests.filter(({ operation }) => /Delete|Send/.test(operation))).toEqual([]);
    expect((await bench.takeDead("offboard")).sort()).toEqual(bodies.sort());
  });

  it("tells programs what the filters leave, with no address but the one that was typed", async () => {
    await fillQueues();
    const filters = ["--person", "P-2@example.com", "--code", "usernotfound", "--older-than", "2h"];
    const { stdout } = await bench.run(["dlq", "list", "--json", "--pipeline", "offboard", ...filters]);
    const { letters, ...about } = JSON.parse(stdout);
    expect(about).toEqual({
      target: { stage: "dev", account: null, region: "us-east-1" },
      stack: "rollcall-dev",
      count: 1,
      counts: [{ pipeline: "offboard", code: "UserNotFound", count: 1 }],
      notFound: [],
    });
    expect(letters.map((letter: object) => ({ ...letter, messageId: "", since: "", ageSeconds: 0 }))).toEqual(
      [
        {
          pipeline: "offboard",
          code: "UserNotFound",
          reason: notFound.reason,
          type: "EmployeeLeft",
          eventId: "hr-2",
          personId: "P-2",
          emails: ["p-2@example.com"],
          messageId: "",
          originalMessageId: "message-0",
          since: "",
          ageSeconds: 0,
          firstReceivedAt: "2026-05-14T17:00:05.000Z",
        },
      ],
    );
  });

  it("warns of letters that SQS will soon delete, and of those that another reader has", async () => {
    await bench.reject("offboard", [leaverBody("hr-1", "P-1")], {
      ...notFound,
      agoMilliseconds: 11 * 24 * hours,
    });
    await bench.moveToDeadLetters("reinstate", leaverBody("hr-5", "P-5"));
    await bench.takeDead("reinstate");
    const { stderr } = await bench.run(["dlq", "list"]);
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(
        /^About \d+ dead letters? could not be read, because another reader has them: look again in 5 minutes\.$/,
      ),
      "1 of them have been in the queue for 10 d or more, the oldest for 11 d: SQS deletes a message after 14 d.",
      "",
    ]);
  });

  it("puts everything back when it is interrupted", async () => {
    await fillQueues();
    const { exitCode, stdout, stderr } = await bench.interrupt("ReceiveMessage", ["dlq", "list"]);
    expect({
      exitCode,
      stdout,
      said: stderr.includes("Interrupted: putting the dead letters back."),
    }).toEqual({
      exitCode: 130,
      stdout: "",
      said: true,
    });
    expect((await bench.takeDead("offboard")).length).toBe(3);
  });

  it("says why the queues cannot be read", async () => {
    const [stack, region] = [
      await bench.run(["dlq", "list", "--stack", "rollcall-x"]),
      await bench.run(["dlq", "list", "--endpoint", "http://127.0.0.1:1"]),
    ];
    expect({ ...stack, stderr: stack.stderr.replace(/http:[^;]+/, "URL") }).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "error: there are no queues of rollcall-x at URL; name another with --stage or --stack, or another --region\n",
    });
    expect(region).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "error: SQS cannot be reached at http://127.0.0.1:1 (ECONNREFUSED); check the network, or name another --endpoint\n",
    });
  });
});

/** Without what changes from run to run: the beginnings of SQS's own ids, ages of seconds, and the width of their columns. */
function withoutIds(text: string): string {
  return text
    .replaceAll(/ [0-9a-f]{8} (?= )/g, " ID ")
    .replaceAll(/\d+ s /g, "? s ")
    .replaceAll(/(?<=\S) {2,}/g, "  ");
}
