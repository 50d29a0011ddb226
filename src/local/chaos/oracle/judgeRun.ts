import type { LoggedCall } from "../../chime/callLog.ts";
import type { Fault } from "../../chime/fault.ts";
import type { Kill } from "../faults/killer.ts";
import type { Person } from "../stream/population.ts";
import { countDuplicateInvites } from "./countDuplicateInvites.ts";
import type { Decision } from "./decision.ts";
import { describeHistory } from "./describeHistory.ts";
import { type Effect, effects } from "./effects.ts";
import { excusedInvites } from "./excusedInvites.ts";
import { findRegressions } from "./findRegressions.ts";
import { type History, histories } from "./histories.ts";
import { type Evidence, judgeState, type StateVerdict } from "./judgeState.ts";
import type { TrailEntry } from "./readTrail.ts";
import type { Shown } from "./snapshot.ts";

/** What is left of a run when it is over. */
export interface Remains {
  /** Every decision that was published, once. */
  decisions: readonly Decision[];
  people: readonly Person[];
  before: ReadonlyMap<string, Shown>;
  after: ReadonlyMap<string, Shown>;
  journal: ReadonlyMap<string, TrailEntry>;
  /** The codes of an event's dead letters, by its id. */
  deadLetters: ReadonlyMap<string, readonly string[]>;
  /** Most receives of a message of the event, by its id. */
  receives: ReadonlyMap<string, number>;
  calls: readonly LoggedCall[];
  /** By the call's sequence number. */
  faults: ReadonlyMap<number, { fault: Fault }>;
  permanentCode: (operation: string, address: string) => string | undefined;
  /** Of workers that send invitations. */
  kills: readonly Kill[];
}

export interface Judgement {
  /** Events that are neither in the journal nor in a dead-letter queue. */
  lost: string[];
  wrongState: string[];
  regressions: string[];
  duplicateInvites: number;
  /** As many of them as there were invitations whose answer or worker was lost may be. */
  allowedDuplicateInvites: number;
  /** People and aspects, by how the directory stands to their newest decision. */
  standings: Record<Exclude<StateVerdict["kind"], "wrong">, number>;
}

/** Replays the decisions and holds against them what the directory, the ledger and the queues show. */
export function judgeRun(remains: Remains): Judgement {
  const { decisions, journal, deadLetters, calls, faults, kills } = remains;
  const happened = groupByPerson(effects(calls, faults), remains.people);
  const addresses = new Map(remains.people.map(({ personId, email }) => [personId, email]));
  const judgement: Judgement = {
    lost: decisions.map(({ id }) => id).filter((id) => !journal.has(id) && !deadLetters.has(id)),
    wrongState: [],
    regressions: [],
    duplicateInvites: 0,
    allowedDuplicateInvites: excusedInvites(calls, faults, kills, journal).length,
    standings: { asDecided: 0, refused: 0, givenUp: 0, unknown: 0 },
  };
  for (const history of histories(decisions)) {
    const [{ personId, aspect }] = history;
    const own = (happened.get(personId) ?? []).filter((effect) => effect.aspect === aspect);
    const verdict = judgeState(history, evidenceOf(history, addresses.get(personId) ?? "", remains));
    const evidence = () => describeHistory(history, own, journal);
    if (verdict.kind === "wrong") judgement.wrongState.push(`${verdict.detail}${evidence()}`);
    else judgement.standings[verdict.kind] += 1;
    for (const found of findRegressions(history, own, journal))
      judgement.regressions.push(`${found}${evidence()}`);
    const mails = own.filter(({ isMail }) => isMail);
    judgement.duplicateInvites += countDuplicateInvites(history, mails, journal);
  }
  return judgement;
}

function evidenceOf([{ personId, aspect }]: History, address: string, remains: Remains): Evidence {
  const { before, after, journal, deadLetters, receives, permanentCode } = remains;
  return {
    actual: after.get(personId)?.[aspect] ?? "absent",
    initial: before.get(personId)?.[aspect] ?? "absent",
    outcome: (eventId) => journal.get(eventId)?.outcome,
    deadLetters: (eventId) => deadLetters.get(eventId) ?? [],
    permanentCode: (operation) => permanentCode(operation, address),
    receives: (eventId) => receives.get(eventId) ?? 0,
  };
}

function groupByPerson(all: readonly Effect[], people: readonly Person[]): Map<string, Effect[]> {
  const personAt = new Map(
    people.map(({ accountId, email, personId }) => [`${accountId} ${email}`, personId]),
  );
  const byPerson = new Map<string, Effect[]>();
  for (const effect of all) {
    const personId = personAt.get(`${effect.accountId} ${effect.address}`);
    if (personId === undefined) continue;
    const effectsOfPerson = byPerson.get(personId);
    if (effectsOfPerson === undefined) byPerson.set(personId, [effect]);
    else effectsOfPerson.push(effect);
  }
  return byPerson;
}
