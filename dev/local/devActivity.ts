import type { LogLine } from "@rollcall/aws-local/invocation";
import type { StackOptions } from "@rollcall/aws-local/stack";
import * as z from "zod";
import type { TextStyle } from "../../src/cli/terminal.ts";
import { parseJson } from "../../src/events/boundedJson.ts";
import { countOf } from "../../src/operations/words/plainWords.ts";
import { dynamoSafeguardStore } from "../../src/safeguard/dynamo/dynamoSafeguardStore.ts";
import { commandOf, type DevScreen } from "./devScreen.ts";
import type { DevStack } from "./devStack.ts";

/** Tells in one line each what the functions do, from the lines of their logs. */
export interface DevActivity extends Required<Pick<StackOptions, "onLog" | "onBatch">> {
  /** Once the stack is up. */
  follow: (stack: DevStack) => void;
}

const counts = z.record(z.string(), z.number());
const call = z.object({ calls: z.number(), users: z.number() });
const failure = z.object({ pipeline: z.string(), code: z.string() });
const entrySchema = z.discriminatedUnion("message", [
  z.object({
    message: z.literal("drained"),
    pipeline: z.string(),
    records: z.number(),
    outcomes: counts,
    calls: z.record(z.string(), call),
  }),
  failure.extend({ message: z.literal("rejected") }),
  failure.extend({ message: z.literal("retry") }),
  z.object({ message: z.literal("published what was due"), published: z.number(), followUps: z.number() }),
  z.object({
    message: z.literal("webhook"),
    status: z.number(),
    vendor: z.string().optional(),
    reason: z.string().optional(),
  }),
  z.object({
    message: z.literal("compared the roster with the directory"),
    changes: counts,
    findings: counts,
  }),
  z.object({
    message: z.literal("the roster cannot be believed, and nothing was published"),
    problems: z.array(z.string()),
  }),
]);
type Entry = z.output<typeof entrySchema>;

const errorSchema = z.object({ level: z.enum(["ERROR", "CRITICAL"]), message: z.string() });

/** @param logFile where the whole lines are */
export function devActivity(screen: DevScreen, logFile: string): DevActivity {
  const codes = new Map<string, Map<string, number>>();
  const latches = new Map<string, number>();
  let stack: DevStack | undefined;
  const onEntry = (entry: Entry, invocation: string) => {
    switch (entry.message) {
      case "rejected":
      case "retry":
        addCode(codes, invocation, entry.message, entry.code);
        return;
      case "drained": {
        const told = codes.get(invocation) ?? new Map();
        codes.delete(invocation);
        screen.say(drainedText(entry, told), drainedMore(entry.outcomes));
        if ((entry.outcomes.held ?? 0) > 0 && stack !== undefined) void tellLatches(stack, latches, screen);
        return;
      }
      case "published what was due":
        if (entry.followUps > 0) screen.say(`published what was due: ${countOf(entry.followUps, "event")}`);
        return;
      case "webhook":
        if (entry.status !== 200)
          screen.say(`webhook of ${entry.vendor ?? "nobody known"}: ${entry.reason ?? entry.status}`, {
            style: "yellow",
          });
        return;
      case "compared the roster with the directory":
        screen.say(
          `roster compared; changes: ${countsText(entry.changes)}; findings: ${countsText(entry.findings)}`,
        );
        return;
      case "the roster cannot be believed, and nothing was published":
        screen.say(`roster not believed: ${entry.problems.slice(0, 3).join("; ")}`, { style: "red" });
    }
  };
  return {
    follow: (started) => {
      stack = started;
    },
    onLog: ({ functionName, requestId = "", line }: LogLine) => {
      const json = parseJson(line);
      const entry = entrySchema.safeParse(json);
      if (entry.success) return onEntry(entry.data, requestId);
      const error = errorSchema.safeParse(json);
      if (error.success)
        screen.say(`${functionName}: ${error.data.message}; the whole line is in ${logFile}`, {
          style: "red",
        });
    },
    onBatch: ({ functionName, invocation, retried }) => {
      if (invocation.kind === "response" || invocation.kind === "crashed") return;
      const what = invocation.kind === "timeout" ? "ran out of time" : invocation.errorMessage;
      screen.say(`${functionName}: ${what}; ${countOf(retried, "message")} will come again`, {
        style: "red",
      });
    },
  };
}

function addCode(
  codes: Map<string, Map<string, number>>,
  invocation: string,
  kind: string,
  code: string,
): void {
  const known = codes.get(invocation) ?? new Map<string, number>();
  known.set(`${kind} ${code}`, (known.get(`${kind} ${code}`) ?? 0) + 1);
  codes.set(invocation, known);
}

function drainedText(
  { pipeline, records, outcomes, calls }: Extract<Entry, { message: "drained" }>,
  codes: ReadonlyMap<string, number>,
): string {
  const outcomeTexts = Object.entries(outcomes)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => {
      const of = [...codes].flatMap(([key, times]) =>
        key.startsWith(`${kind} `) ? [`${key.slice(kind.length + 1)} ${times}`] : [],
      );
      return `${count} ${kind}${of.length === 0 ? "" : ` (${of.join(", ")})`}`;
    });
  const callTexts = Object.entries(calls).map(
    ([operation, { calls: made, users }]) =>
      `${operation}: ${countOf(users, "user")} in ${countOf(made, "call")}`,
  );
  return [`${pipeline}: ${countOf(records, "event")}, ${outcomeTexts.join(", ")}`, ...callTexts].join("; ");
}

function drainedMore({ rejected = 0, retry = 0, held = 0 }: Record<string, number>): {
  style?: TextStyle;
  next?: string;
} {
  if (rejected > 0) return { next: commandOf("dlq list") };
  return retry > 0 || held > 0 ? { style: "yellow" } : {};
}

async function tellLatches(stack: DevStack, told: Map<string, number>, screen: DevScreen): Promise<void> {
  const [table] = stack.model.tables;
  if (table === undefined) return;
  const store = dynamoSafeguardStore({ dynamo: stack.dynamo.client, tableName: table.name });
  // The stack may end while it is asked.
  for (const { accountId, state } of await store.list().catch(() => [])) {
    const { latch } = state;
    if (latch === undefined || told.get(accountId) === latch.closedAt) continue;
    told.set(accountId, latch.closedAt);
    const { asked, passed, limit } = latch;
    screen.say(
      `LATCH of ${accountId} closed: ${asked} were to be suspended after ${passed}, where ${limit} may pass`,
      { style: "red", next: commandOf("held list") },
    );
  }
}

function countsText(all: Readonly<Record<string, number>>): string {
  const texts = Object.entries(all).map(([kind, count]) => `${kind} ${count}`);
  return texts.length === 0 ? "none" : texts.join(", ");
}
