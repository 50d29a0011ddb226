import type { LogLine } from "@rollcall/aws-local/invocation";
import type { StartedInvocation } from "@rollcall/aws-local/startLambda";
import * as z from "zod";
import { parseJson } from "../../src/events/boundedJson.ts";

/** Searches the functions' logs for people's addresses. */
export interface LeakScan {
  onLine: (line: LogLine) => void;
  /** Checks thrown errors too: AWS writes them into the function's log. */
  onInvocation: (started: Pick<StartedInvocation, "functionName" | "ended">) => void;
  /** The number of lines that were searched. */
  lines: () => number;
  /** The number of lines that contain an address. */
  leaks: () => number;
  /** Describes these lines, one sentence per kind, without the addresses. */
  findings: () => string[];
}

/**
 * Searches for any mailbox of these domains, percent-encoded ones included; everybody in a run has one. A masked
 * address such as `a***@example.com` does not count.
 */
export function scanForLeaks(domains: readonly string[]): LeakScan {
  const mailbox = mailboxOf(domains);
  const leaks = new Map<string, number>();
  let lines = 0;
  const look = (text: string, describe: () => string) => {
    lines += 1;
    if (!mailbox.test(text)) return;
    const kind = describe();
    leaks.set(kind, (leaks.get(kind) ?? 0) + 1);
  };
  return {
    onLine: ({ functionName, stream, line }) =>
      look(line, () => `${kindOf(line, mailbox)} of ${functionName} on ${stream}`),
    onInvocation: ({ functionName, ended }) => {
      void ended.then((end) => {
        if (end.kind !== "error") return;
        const { errorType, errorMessage, stack = "" } = end;
        look(`${errorType} ${errorMessage} ${stack}`, () => `errors of ${functionName}`);
      });
    },
    lines: () => lines,
    leaks: () => [...leaks.values()].reduce((sum, count) => sum + count, 0),
    findings: () => [...leaks].map(([kind, count]) => `addresses in ${count} ${kind}`),
  };
}

/** Matches in one pass, however many people there are: a mailbox has no asterisk or delimiter before the sign. */
function mailboxOf(domains: readonly string[]): RegExp {
  const names = domains.map((domain) => domain.replaceAll(".", String.raw`\.`)).join("|");
  return new RegExp(String.raw`[^\s"<>(),:;*](?:@|%40|\\u0040)(?:${names})(?![\w-])`, "i");
}

const logged = z.object({ message: z.string() });

/** Names the kind of a line by its message, unless the message itself contains an address. */
function kindOf(line: string, mailbox: RegExp): string {
  const parsed = parseJson(line);
  if (parsed === undefined) return "lines that are no JSON";
  const { message = "" } = logged.safeParse(parsed).data ?? {};
  return mailbox.test(message) ? "lines in whose message they stand" : `lines "${message}"`;
}
