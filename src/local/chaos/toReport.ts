import { movedByAws } from "../../queue/causeOfDeath.ts";
import type { CallFault } from "../chime/fault.ts";
import type { ServiceStack } from "../stack/serviceStack.ts";
import type { ChaosReport } from "./chaosReport.ts";
import type { Disturbances } from "./disturbances.ts";
import { type Judgement, judgeRun, type Remains } from "./oracle/judgeRun.ts";
import type { LeakScan } from "./scanForLeaks.ts";

/** So many sentences of each kind are told. */
const findingsOfAKind = 20;

/** What no function could bring to an end has not come to its end. */
const givenUpByAws: readonly string[] = Object.values(movedByAws);

type Measured = Pick<ChaosReport, "seed" | "events" | "published" | "stuck" | "seconds" | "digest">;

interface Witnesses {
  stack: ServiceStack;
  scan: LeakScan;
}

/** Judges what is left of a run, and adds what else is worth knowing of it. */
export function toReport(
  measured: Measured,
  remains: Remains,
  { kills, receives, invocations }: Disturbances,
  { stack, scan }: Witnesses,
): ChaosReport {
  const judgement = judgeRun(remains);
  const letters = [...remains.deadLetters.values()].flat();
  const { lost, wrongState, regressions, standings } = judgement;
  const { duplicateInvites, allowedDuplicateInvites } = judgement;
  return {
    ...measured,
    stuck: measured.stuck + letters.filter((reason) => givenUpByAws.includes(reason)).length,
    lost: lost.length,
    wrongState: wrongState.length,
    regressions: regressions.length,
    duplicateInvites,
    allowedDuplicateInvites,
    leaks: scan.leaks(),
    loggedLines: scan.lines(),
    kills: kills.length,
    redelivered: receives.redelivered(),
    standings,
    outcomes: countBy([...remains.journal.values()].map(({ outcome }) => outcome)),
    invocations: invocations(),
    calls: Object.fromEntries(
      Object.entries(stack.chime.calls.summary()).map(([operation, { calls }]) => [operation, calls]),
    ),
    lostAnswers: remains.calls.filter(({ tookEffect, answered }) => tookEffect && !answered).length,
    faults: countBy([...remains.faults.values()].flatMap(({ fault }) => nameOf(fault.call))),
    poisonous: remains.people.filter(({ email }) => remains.poison(email) !== undefined).length,
    deadLetters: countBy(letters),
    findings: [...findingsOf(judgement, stack), ...scan.findings()],
  };
}

/** What happened to a call as a whole, in one word. */
function nameOf(fault: CallFault | undefined): string[] {
  switch (fault?.kind) {
    case "exception":
      return [fault.errorType];
    case "reset":
      return [fault.takesEffect ? "answerLost" : "cutOff"];
    case "body":
      return ["unreadableAnswer"];
    case "userErrors":
      return ["strangerBlamed"];
    case undefined:
      return [];
  }
}

function findingsOf(
  { lost, wrongState, regressions, invitedTwice, ...invites }: Judgement,
  stack: ServiceStack,
): string[] {
  const dropped = stack.bus.report().dropped.map(({ eventId }) => `the bus dropped ${eventId}`);
  const missing = lost.map((id) => `${id} is neither in the journal nor in a dead-letter queue`);
  const tooMany = invites.duplicateInvites > invites.allowedDuplicateInvites ? invitedTwice : [];
  return [missing, wrongState, regressions, tooMany, dropped].flatMap((found) =>
    found.slice(0, findingsOfAKind),
  );
}

function countBy(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
