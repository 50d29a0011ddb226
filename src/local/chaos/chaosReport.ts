import type { Judgement } from "./oracle/judgeRun.ts";

/** What a run came to: what `npm run chaos -- --json` prints. */
export interface ChaosReport {
  seed: number;
  /** Decisions of HR. */
  events: number;
  /** Accepted by the bus: those, and the ones that were sent again. */
  published: number;
  lost: number;
  wrongState: number;
  regressions: number;
  duplicateInvites: number;
  /** Invitations whose answer or worker was lost: so many mails may be duplicates. */
  allowedDuplicateInvites: number;
  /** Lines of the functions' logs that hold somebody's address, and how many lines there were. */
  leaks: number;
  loggedLines: number;
  /** What had not come to its end when the time was up, and what only AWS itself brought to one in a dead-letter queue. */
  stuck: number;
  kills: number;
  /** Records that were handed to a function for a second time or more. */
  redelivered: number;
  /** People and aspects, by how the directory stands to their newest decision. */
  standings: Judgement["standings"];
  outcomes: Record<string, number>;
  invocations: number;
  /** By operation. */
  calls: Record<string, number>;
  /** Calls of Chime that took effect and were never answered. */
  lostAnswers: number;
  /** Calls of Chime that were struck as a whole, by what happened to them. */
  faults: Record<string, number>;
  /** People for whom every call that carries them is refused. */
  poisonous: number;
  deadLetters: Record<string, number>;
  seconds: number;
  /** Of the events and the schedule of faults: the same for the same seed and number of events. */
  digest: string;
  /** Sentences about what is wrong, the first of each kind. */
  findings: string[];
}

/** Nothing was lost, wrong, undone or left lying, nobody was named in a log, and nobody invited twice without need. */
export function isSound(report: ChaosReport): boolean {
  const { lost, wrongState, regressions, stuck, leaks } = report;
  const { duplicateInvites, allowedDuplicateInvites } = report;
  return lost + wrongState + regressions + stuck + leaks === 0 && duplicateInvites <= allowedDuplicateInvites;
}
