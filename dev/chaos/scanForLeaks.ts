import type { LogLine } from "@rollcall/aws-local/invocation";
import type { StartedInvocation } from "@rollcall/aws-local/startLambda";
import * as z from "zod";
import { parseJson } from "../../src/events/boundedJson.ts";

/** Searches the functions' logs for people's e-mail addresses. */
export interface LeakScan {
  onLine: (line: LogLine) => void;
  /** Lambda logs the error that a function throws, so it is scanned too. */
  onInvocation: (started: Pick<StartedInvocation, "functionName" | "ended">) => void;
  /** How many lines were scanned. */
  lines: () => number;
  /** How many of them contain an address. */
  leaks: () => number;
  /** A sentence for each kind of line with addresses. The addresses are not repeated. */
  findings: () => string[];
}

/**
 * Scans for every mailbox of these domains, percent-encoded ones included. All people of a run have one. A masked address
 * such as `a***@example.com` is none.
 */
export function scanForLeaks(domains: readonly string[]): LeakScan {
  const mailbox = mailboxOf(domains);
  const leaks = new Map<string, number>();
  let lines = 0;
  const scan = (text: string, describe: () => string) => {
    lines += 1;
    if (!mailbox.test(text)) return;
    const kind = describe();
    leaks.set(kind, (leaks.get(kind) ?? 0) + 1);
  };
  return {
    onLine: ({ functionName, stream, line }) =>
      scan(line, () => `${kindOf(line, mailbox)} of ${functionName} on ${stream}`),
    onInvocation: ({ functionName, ended }) => {
      void ended.then((end) => {
        if (end.kind !== "error") return;
        const { errorType, errorMessage, stack = "" } = end;
        scan(`${errorType} ${errorMessage} ${stack}`, () => `errors of ${functionName}`);
      });
    },
    lines: () => lines,
    leaks: () => [...leaks.values()].reduce((sum, count) => sum + count, 0),
    findings: () => [...leaks].map(([kind, count]) => `addresses in ${count} ${kind}`),
  };
}

/** Matches an address by its domain, in one pass over a line however many people there are. A masked one ends in `*`. */
function mailboxOf(domains: readonly string[]): RegExp {
  const names = domains.map((domain) => domain.replaceAll(".", String.raw`\.`)).join("|");
  return new RegExp(String.raw`[^\s"<>(),:;*](?:@|%40|\\u0040)(?:${names})(?![\w-])`, "i");
}

const logged = z.object({ message: z.string() });

/** The kind of a line: its message, unless that contains the address. */
function kindOf(line: string, mailbox: RegExp): string {
  const parsed = parseJson(line);
  if (parsed === undefined) return "lines that are not JSON";
  const { message = "" } = logged.safeParse(parsed).data ?? {};
  return mailbox.test(message) ? "lines whose message contains them" : `lines "${message}"`;
}
