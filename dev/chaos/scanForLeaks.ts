import type { LogLine } from "@rollcall/aws-local/invocation";
import type { StartedInvocation } from "@rollcall/aws-local/startLambda";
import * as z from "zod";
import { parseJson } from "../../src/events/boundedJson.ts";

/** Looks for people's addresses in what the functions log. */
export interface LeakScan {
  onLine: (line: LogLine) => void;
  /** An error that a function lets go of ends up in its log in AWS. */
  onInvocation: (started: Pick<StartedInvocation, "functionName" | "ended">) => void;
  /** Lines that were looked at. */
  lines: () => number;
  /** Those of them that hold an address. */
  leaks: () => number;
  /** Which lines they are, a sentence for each kind. The addresses are not repeated. */
  findings: () => string[];
}

/**
 * Scans for any mailbox of these domains, percent-encoded ones included; everybody whom a run knows has one. What stands
 * masked as `a***@example.com` is none.
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

/** One pass over a line, however many people there are: what stands before the sign is no asterisk and no delimiter. */
function mailboxOf(domains: readonly string[]): RegExp {
  const names = domains.map((domain) => domain.replaceAll(".", String.raw`\.`)).join("|");
  return new RegExp(String.raw`[^\s"<>(),:;*](?:@|%40|\\u0040)(?:${names})(?![\w-])`, "i");
}

const logged = z.object({ message: z.string() });

/** By its message, unless it is that which names somebody. */
function kindOf(line: string, mailbox: RegExp): string {
  const parsed = parseJson(line);
  if (parsed === undefined) return "lines that are no JSON";
  const { message = "" } = logged.safeParse(parsed).data ?? {};
  return mailbox.test(message) ? "lines in whose message they stand" : `lines "${message}"`;
}
