import { describe, expect, it } from "vitest";
import { type DayReport, isAccountedFor } from "../../../dev/day/dayReport.ts";
import type { DayProgress } from "../../../dev/day/dayTerminal.ts";
import { type DayOptions, runDay, watchFunctions } from "../../../dev/day/runDay.ts";
import { sampleAccounts, sampleUser, scimSampleAccount } from "../../../dev/sampleDay/sampleAccounts.ts";
import type { Invocation } from "../../../packages/aws-local/lambda/invocation.ts";
import { readLines } from "../../../src/events/eventLines.ts";
import { inQuickMotion } from "../../stack/inQuickMotion.ts";
import { packageWithScim } from "../../stack/packageWithScim.ts";

const packageDirectory = packageWithScim();

const leaver = sampleUser(sampleAccounts.team, 100);

function eventLine(type: string, id: string, data: Record<string, unknown>): string {
  const metadata = { id, schemaVersion: "1.0", occurredAt: "2026-05-14T08:00:00Z" };
  return JSON.stringify({ "detail-type": type, detail: { metadata, data } });
}
const left = eventLine("EmployeeLeft", "left", { personId: leaver.personId, email: leaver.email });

/** Runs a day of these lines in quick motion; `stages` fills as it goes. */
function run(lines: readonly string[], more: Partial<DayOptions> = {}, stages: string[] = []) {
  const silent = () => undefined;
  const progress: DayProgress = {
    stage: (text) => stages.push(text),
    detail: silent,
    problem: silent,
    clear: silent,
  };
  return runDay({
    packageDirectory: packageDirectory(),
    adjust: inQuickMotion,
    lines: readLines([Buffer.from(lines.join("\n"))]),
    progress,
    ...more,
  });
}

/** The part of a report that depends neither on how a queue's two pollers share its messages, nor on the time. */
function deterministic({ seconds: _, retries: __, waiting, calls, ...report }: DayReport) {
  return {
    ...report,
    suspensions: calls[0]?.operations.BatchSuspendUser,
    waiting: waiting.map(({ because, count }) => ({ because, count })),
  };
}

describe("a day on the embedded stack", () => {
  it("gives each line one outcome: events, duplicates, malformed and unknown ones, and lines that are no event", async () => {
    const report = await run([
      left,
      left,
      "no JSON",
      "",
      eventLine("EmployeePromoted", "unknown", {}),
      eventLine("EmployeeLeft", "malformed", { email: leaver.email }),
      eventLine("EmployeeHired", "hired", { personId: "P-1", email: "new@example.org" }),
      eventLine("EmployeeLeft", "visitor", { personId: "P-2", email: "visitor@partner.test" }),
    ]);
    const { before, after } = report.directory[0] ?? {};
    expect({
      isAccountedFor: isAccountedFor(report),
      ...deterministic(report),
      directory: [before, after],
    }).toEqual({
      isAccountedFor: true,
      events: { published: 5, malformed: 1, followUps: 0, refused: 2 },
      refusals: [
        {
          code: "NotJson",
          reason: "expected a JSON object, complete on this line",
          count: 1,
          firstLine: 3,
        },
        {
          code: "UnknownDetailType",
          reason: expect.stringContaining("no rule would match it"),
          count: 1,
          firstLine: 5,
        },
      ],
      outcomes: { applied: 1, unchanged: 1, deferred: 1, excluded: 1, rejected: 1 },
      suspensions: { calls: 1, users: 1 },
      deadLetters: [{ queue: "rollcall-dev-offboard-dlq", reason: "Malformed", count: 1 }],
      waiting: [{ because: "notRegistered", count: 1 }],
      directory: [
        { registered: 1175, invited: 0, suspended: 25 },
        { registered: 1174, invited: 0, suspended: 26 },
      ],
      lost: 0,
      busLosses: [],
    });
  });

  it("carries out what is about people at a SCIM target there, and counts its calls apart", async () => {
    const [one, other] = [100, 101].map((ordinal) => sampleUser(scimSampleAccount, ordinal));
    const report = await run([
      left,
      ...[one, other].map((person, index) =>
        eventLine("EmployeeLeft", `scim-left-${index}`, { personId: person?.personId, email: person?.email }),
      ),
      eventLine("EmployeeHired", "scim-hired", { personId: "P-3", email: "new@scim.example" }),
    ]);
    const { outcomes, directory, calls } = report;
    const target = directory.find(({ accountId }) => accountId === scimSampleAccount.id);
    const ofScim = calls.find(({ directory: name }) => name === "SCIM targets")?.operations;
    // The two leavers come in one bulk, or each alone if the queue's pollers share them.
    const suspended = (ofScim?.bulk?.users ?? 0) + (ofScim?.patch?.users ?? 0);
    expect({ outcomes, target, suspended, create: ofScim?.create }).toEqual({
      outcomes: { applied: 4 },
      target: {
        accountId: "scim-0001",
        type: "SCIM",
        before: { registered: 380, invited: 0, suspended: 20 },
        after: { registered: 379, invited: 0, suspended: 22 },
      },
      suspended: 2,
      create: { calls: 1, users: 1 },
    });
    expect(calls.map(({ directory: name }) => name)).toEqual(["Amazon Chime", "SCIM targets"]);
  });

  it("keeps the policy's safeguard as it is: a mass leave is held", async () => {
    const leavers = Array.from({ length: 100 }, (_, index) => sampleUser(sampleAccounts.team, 200 + index));
    const report = await run(
      leavers.map(({ personId, email }) =>
        eventLine("EmployeeLeft", `left-${personId}`, { personId, email }),
      ),
    );
    expect([report.outcomes.held !== undefined, isAccountedFor(report)]).toEqual([true, true]);
  });

  it("ends at once without events", async () => {
    const report = await run(["", " "]);
    expect({ isAccountedFor: isAccountedFor(report), ...deterministic(report), directory: [] }).toEqual({
      isAccountedFor: true,
      events: { published: 0, malformed: 0, followUps: 0, refused: 0 },
      refusals: [],
      outcomes: {},
      suspensions: undefined,
      deadLetters: [],
      waiting: [],
      directory: [],
      lost: 0,
      busLosses: [],
    });
  });

  it("finds an event that is lost because its queue does not take it and its rule has no dead-letter queue", async () => {
    const report = await run([left], {
      adjust: (model) => ({
        ...model,
        queues: model.queues.map(({ policy: _, ...queue }) => queue),
        rules: model.rules.map((rule) => ({
          ...rule,
          targets: rule.targets.map(({ deadLetterArn: _, ...target }) => target),
        })),
      }),
    });
    const { lost, busLosses, outcomes } = report;
    expect({ lost, busLosses, outcomes, isAccountedFor: isAccountedFor(report) }).toEqual({
      lost: 1,
      busLosses: [expect.stringContaining("the target has no dead-letter queue")],
      outcomes: {},
      isAccountedFor: false,
    });
  });

  it("ends with the reason when a function cannot be loaded, and tells what had happened by then", async () => {
    const unfinished: DayReport[] = [];
    const day = run([left], {
      onUnfinished: (report) => void unfinished.push(report),
      adjust: (model) => {
        const functions = model.functions.map((fn) => ({ ...fn, handler: "missing.handler" }));
        return inQuickMotion({ ...model, functions });
      },
    });
    await expect(day).rejects.toThrow(
      /^The function rollcall-dev-offboard failed with Runtime.ImportModuleError: Handler "missing.handler"/,
    );
    expect(unfinished.map(({ events, outcomes }) => [events.published, outcomes])).toEqual([[1, {}]]);
  });

  it("ends when it is interrupted", async () => {
    const interruption = new AbortController();
    const stages: string[] = [];
    const day = run([left], {
      signal: interruption.signal,
      progress: {
        stage: (text) => {
          stages.push(text);
          if (text.startsWith("processing")) interruption.abort(new Error("interrupted"));
        },
        detail: () => undefined,
        problem: () => undefined,
        clear: () => undefined,
      },
    });
    await expect(day).rejects.toThrow("interrupted");
    expect(stages).toEqual([
      "starting the embedded stack on 127.0.0.1",
      "publishing the events",
      "processing the queues, which gather events for up to 1 s",
    ]);
  });
});

const functionName = "rollcall-dev-offboard";
const response = { kind: "response", payload: "{}", durationMilliseconds: 1 } as const;
const log = (line: string) => ({ functionName, stream: "stdout", line }) as const;

describe("the watch over the functions", () => {
  it("ignores full and partial success, and warnings", () => {
    const watch = watchFunctions();
    watch.onBatch({ functionName, invocation: response, reason: "succeeded", deleted: 1, retried: 0 });
    watch.onBatch({ functionName, invocation: response, reason: "partial", deleted: 1, retried: 1 });
    for (const line of ['{"level":"WARN"}', '{"level":"INFO"}', '{"_aws":{}}', "error", ""])
      watch.onLog(log(line));
    expect(watch.signal.aborted).toEqual(false);
  });

  it.each<[Invocation, string]>([
    [{ kind: "crashed", code: null, signal: "SIGKILL" }, "crashed: its process ended with SIGKILL"],
    [{ kind: "crashed", code: 1, signal: null }, "crashed: its process ended with exit code 1"],
    [{ kind: "timeout", limit: "load", seconds: 900 }, "was not loaded within 900 s"],
    [{ kind: "timeout", limit: "invocation", seconds: 120 }, "ran longer than its timeout of 120 s"],
    [{ kind: "error", errorType: "TypeError", errorMessage: "no" }, "failed with TypeError: no"],
  ])("ends the day for an invocation that ended as %j", (invocation, how) => {
    const watch = watchFunctions();
    watch.onBatch({ functionName, invocation, reason: "error", deleted: 0, retried: 1 });
    expect(watch.signal.reason).toEqual(new Error(`The function rollcall-dev-offboard ${how}`));
  });

  it("ends the day for a response that makes Lambda retry the whole batch", () => {
    const watch = watchFunctions();
    const report = { functionName, invocation: response, deleted: 0, retried: 1 };
    watch.onBatch({ ...report, reason: "unknown identifier" });
    expect(watch.signal.reason).toEqual(
      new Error(
        "The function rollcall-dev-offboard returned a response that Lambda does not accept (unknown identifier): {}",
      ),
    );
  });

  it("ends the day for an error in a log", () => {
    const watch = watchFunctions();
    watch.onLog(log('{"level":"ERROR","message":"down"}'));
    expect(watch.signal.reason).toEqual(
      new Error('The function rollcall-dev-offboard reported an error: {"level":"ERROR","message":"down"}'),
    );
  });

  it("passes on the given signal", () => {
    const interruption = new AbortController();
    const watch = watchFunctions(interruption.signal);
    interruption.abort("interrupted");
    expect(watch.signal.reason).toEqual("interrupted");
  });
});
