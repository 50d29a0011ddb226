import { describe, expect, it } from "vitest";
import { createPopulation } from "../../../dev/chaos/population.ts";
import { scanForLeaks } from "../../../dev/chaos/scanForLeaks.ts";
import type { Invocation, LogLine } from "../../../packages/aws-local/lambda/invocation.ts";
import { maskEmails } from "../../../src/privacy/masking.ts";

const { accounts, people } = createPopulation(2000);
const domains = accounts.map(({ domain }) => domain);
const functionName = "rollcall-dev-offboard";
const printed = (line: string, stream: LogLine["stream"] = "stdout"): LogLine => ({
  functionName,
  stream,
  line,
});

function scanned(...lines: readonly LogLine[]) {
  const scan = scanForLeaks(domains);
  for (const line of lines) scan.onLine(line);
  return { lines: scan.lines(), leaks: scan.leaks(), findings: scan.findings() };
}
const leaksIn = (...texts: string[]) => scanned(...texts.map((text) => printed(text))).leaks;

describe("a scan of the logs", () => {
  it("finds every person of a run, however the address is written", () => {
    const planted = people.flatMap(({ email }) => [
      JSON.stringify({ message: "retry", reason: `cannot take "${email}"` }),
      `GET /users?user-email=${encodeURIComponent(email)}&x=1`,
      email.toUpperCase(),
      email.replace("@", String.raw`\u0040`),
    ]);
    expect(leaksIn(...planted)).toBe(planted.length);
  });

  it("finds a mailbox of those domains that belongs to nobody", () => {
    expect(leaksIn("<o'brien+tag@example.com>", "it was somebody@example.org, or not")).toBe(2);
  });

  it("ignores masked addresses, and texts that are no mailbox of those domains", () => {
    const masked = people.flatMap(({ email }) => [
      maskEmails(`cannot take "${email}"`),
      maskEmails(encodeURIComponent(email)),
    ]);
    const others = [
      "@example.com",
      '"domain": "@example.org"',
      "ada@example.community",
      "ada@other.example",
      "node_modules/@middy/core",
    ];
    expect(leaksIn(...masked, ...others)).toBe(0);
  });

  it("names the kind of line and never the address", () => {
    const leak = JSON.stringify({ level: "WARN", message: "retry", reason: "for person0001@example.com" });
    const { lines, leaks, findings } = scanned(
      printed(leak),
      printed(leak),
      printed("Error: person0002@example.com", "stderr"),
      printed(JSON.stringify({ message: "person0003@example.com is gone" })),
      printed(JSON.stringify({ message: "drained" })),
    );
    expect({ lines, leaks, findings }).toEqual({
      lines: 5,
      leaks: 4,
      findings: [
        `addresses in 2 lines "retry" of ${functionName} on stdout`,
        `addresses in 1 lines that are not JSON of ${functionName} on stderr`,
        `addresses in 1 lines whose message contains them of ${functionName} on stdout`,
      ],
    });
  });

  it("scans the errors that functions throw, which Lambda logs", async () => {
    const scan = scanForLeaks(domains);
    const ends: Invocation[] = [
      { kind: "error", errorType: "Error", errorMessage: "no person0001@example.com" },
      { kind: "error", errorType: "Error", errorMessage: "no", stack: "at person0001@example.com" },
      { kind: "error", errorType: "Error", errorMessage: "no p***@example.com" },
      { kind: "response", payload: "person0001@example.com", durationMilliseconds: 1 },
    ];
    for (const end of ends) scan.onInvocation({ functionName, ended: Promise.resolve(end) });
    await new Promise((resolve) => setImmediate(resolve));
    expect([scan.leaks(), scan.findings()]).toEqual([2, [`addresses in 2 errors of ${functionName}`]]);
  });
});
