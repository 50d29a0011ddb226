import { describe, expect, it } from "vitest";
import { leaverBody, useDlqBench } from "./dlqBench.ts";

const bench = useDlqBench();
const notFound = {
  kind: "rejected",
  code: "UserNotFound",
  reason: "account team-0001 has no user with this address; check the address in HR, or suspend by hand",
} as const;
const hours = 3_600_000;

describe("rollcall dlq show", () => {
  it("tells everything about a letter: why it is there, what to do, and its body", async () => {
    await bench.reject("offboard", [leaverBody("hr-1", "P-1")], {
      ...notFound,
      requestId: "request-1",
      agoMilliseconds: 5 * hours,
    });
    const { stdout, ...end } = await bench.run(["dlq", "show", "hr-1"]);
    expect(end).toEqual({ exitCode: 0, stderr: "" });
    expect(withoutTimes(stdout).split("\n")).toEqual([
      "hr-1: UserNotFound, no user has this address",
      "",
      "Why it is here",
      `  ${notFound.reason}`,
      "",
      "What to do",
      "  Check the person's address in HR. If it is wrong, publish a new event with the right one and discard this one; if the user has another address in the account, act by hand and discard it; if the user is there by now, redrive it.",
      "",
      "What is known of it",
      "  pipeline        offboard",
      "  event           EmployeeLeft hr-1",
      "  person          P-1, p***@example.com",
      "  request         request-1",
      "  message         ID",
      "  was message     message-0",
      "  first received  2026-05-14T17:00:05Z",
      "  dead since      ?",
      "  received        1 time, looks such as this one included",
      "",
      "Body",
      "  {",
      '    "detail-type": "EmployeeLeft",',
      '    "detail": {',
      '      "metadata": {',
      '        "id": "hr-1",',
      '        "schemaVersion": "1.0",',
      '        "occurredAt": "2026-05-14T17:00:00Z"',
      "      },",
      '      "data": {',
      '        "personId": "P-1",',
      '        "email": "p***@example.com"',
      "      }",
      "    }",
      "  }",
      "",
    ]);
  });

  it("shows what EventBridge sent along, and a body that is no event", async () => {
    await bench.moveToDeadLetters("relicense", "no JSON of ada@example.com", {
      ERROR_CODE: "NO_RESOURCE",
      RULE_ARN: "arn:rule",
    });
    const listed = JSON.parse((await bench.run(["dlq", "list", "--json"])).stdout);
    const { stdout } = await bench.run(["dlq", "show", listed.letters[0].messageId.slice(0, 8)]);
    expect(withoutTimes(stdout).split("\n")).toEqual([
      "ID: Undelivered, EventBridge gave up on it",
      "",
      "Why it is here",
      "  EventBridge could not deliver it to the queue (NO_RESOURCE)",
      "",
      "What to do",
      "  Check that the queue is there and that its policy lets the rule send to it, deploy again if not, then redrive it.",
      "",
      "What is known of it",
      "  pipeline    relicense",
      "  message     ID",
      "  dead since  ?",
      "  received    2 times, looks such as this one included",
      "",
      "Attributes",
      "  ERROR_CODE  NO_RESOURCE",
      "  RULE_ARN    arn:rule",
      "",
      "Body",
      "  no JSON of a***@example.com",
      "",
    ]);
  });

  it("says that there is no such letter, and where to look", async () => {
    expect(await bench.run(["dlq", "show", "hr-9"])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "error: no dead letter of rollcall-dev has the id hr-9 (TARGET); it may be an event's or a message's, to the letter. Those that are there: rollcall dlq list TARGET\n",
    });
  });
});

const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Without the ids and times of a letter that was sent just now. */
function withoutTimes(text: string): string {
  return text.replaceAll(id, "ID").replace(/(?<=dead since +)\d.*/, "?");
}
