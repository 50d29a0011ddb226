import type { ChaosReport } from "../../../dev/chaos/chaosReport.ts";

/** A sound run, with what a test changes. */
export function aChaosReport(more: Partial<ChaosReport> = {}): ChaosReport {
  return {
    seed: 7,
    events: 100,
    published: 105,
    lost: 0,
    wrongState: 0,
    regressions: 0,
    duplicateInvites: 0,
    allowedDuplicateInvites: 2,
    stuck: 0,
    leaks: 0,
    loggedLines: 812,
    kills: 4,
    redelivered: 60,
    standings: { asDecided: 50, refused: 1, givenUp: 0, unknown: 2 },
    outcomes: { superseded: 30, applied: 70 },
    safeguard: { held: 9, released: 6, discarded: 2, latchResets: 1, operatorFailures: 0 },
    invocations: 40,
    calls: { InviteUsers: 5, ListUsers: 9 },
    lostAnswers: 3,
    faults: { answerLost: 3, BadRequestException: 8 },
    dynamoFaults: { answerLost: 2, "statements: ThrottlingError": 5 },
    malformed: 2,
    poisonous: 2,
    deadLetters: {},
    seconds: 61.4,
    digest: "0123456789abcdef",
    findings: [],
    ...more,
  };
}
