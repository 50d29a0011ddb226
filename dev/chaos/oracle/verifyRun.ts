import type { DirectoryChange, InjectedFaults, InvitingCall } from "../../directories/simulatedDirectory.ts";
import type { Kill } from "../faults/processKiller.ts";
import type { RunPerson } from "../population.ts";
import {
  type DecisionHistory,
  groupByAspect,
  type HrDecision,
  possibleHistories,
} from "./decisionHistory.ts";
import {
  countDuplicateInvites,
  findImpossibleOutcomes,
  findMissingEndings,
  findRegressions,
  findUnconfirmedInvites,
  type Refusals,
} from "./findViolations.ts";
import { dateLaterLicenses, placeLaterLeaves } from "./laterLeaves.ts";
import type { DirectoryState, JournalRecord } from "./observations.ts";
import {
  findBegunBeforeAmbiguous,
  findDeadLettersTaken,
  findEarlyOutcomes,
  findMixedPeople,
  isAmbiguous,
} from "./strayEvents.ts";
import { type HistoryEvidence, mustEnd, type StateFinding, verifyState } from "./verifyState.ts";

/** The state and the records at the end of a run. */
export interface RunEvidence {
  /** Every published decision, once, and the licenses that may follow from them. */
  decisions: readonly HrDecision[];
  /** Events that have to change nothing, by their ids: the code with which each has to be a dead letter. */
  deadByCode: ReadonlyMap<string, string>;
  people: readonly RunPerson[];
  /** Whether an account shows nobody whom it has suspended. */
  hidesSuspended: (accountId: string) => boolean;
  /** The license with which invited users of the account begin. */
  defaultLicense: (accountId: string) => string | undefined;
  before: ReadonlyMap<string, DirectoryState>;
  after: ReadonlyMap<string, DirectoryState>;
  journal: ReadonlyMap<string, JournalRecord>;
  /** The codes of an event's dead letters, by its id. */
  deadLetters: ReadonlyMap<string, readonly string[]>;
  /** The ids of the held events that an operator discarded, and of those for which it was tried at least. */
  discards: { tried: ReadonlySet<string>; done: ReadonlySet<string> };
  /** The highest receive count of an event's messages, by its id. */
  receives: ReadonlyMap<string, number>;
  /** What the directories' calls have changed, in their order. */
  changes: readonly DirectoryChange[];
  invitations: readonly InvitingCall[];
  /** What the directory of an account refuses. */
  faultsOf: (accountId: string) => RefusingFaults;
  /** Kills of workers that send invitations. */
  kills: readonly Kill[];
}

type RefusingFaults = Pick<
  InjectedFaults,
  "refusalOf" | "poisonOf" | "poisonCodes" | "codesOfUnknownCause" | "liedAbout"
>;

export interface Verification {
  /** Events that are neither in the journal nor in a dead-letter queue. */
  lost: string[];
  wrongState: string[];
  regressions: string[];
  duplicateInvites: number;
  /** Sentences about the people who got them. */
  invitedTwice: string[];
  /** How many duplicates are allowed: one for each invitation whose response or worker was lost. */
  allowedDuplicateInvites: number;
  /** Counts people and aspects by how the directory compares with their newest decision. */
  standings: Record<Exclude<StateFinding["kind"], "wrong">, number>;
}

/** Compares the directory, the ledger and the queues with the decisions. */
export function verifyRun(run: RunEvidence): Verification {
  const { decisions, journal, deadLetters, kills, people } = run;
  const effectsByAspect = groupEffects(run.changes, people);
  const peopleById = new Map(people.map((person) => [person.personId, person]));
  const isDiscarded = (id: string) => journal.get(id)?.outcome === "discarded";
  // A discarded decision is as good as never made, and so is one of which nobody can tell whom it is about.
  const made = decisions.filter(({ id }) => !isDiscarded(id) && !isAmbiguous(id, journal));
  const ofAccess = groupByAspect(made.filter(({ aspect }) => aspect === "access"));
  const licenses = dateLaterLicenses(
    made.filter(({ aspect }) => aspect === "license"),
    ofAccess,
    journal,
  );
  const histories = [
    ...ofAccess.map((history) => placeLaterLeaves(history, journal)),
    ...groupByAspect(licenses),
  ];
  const begun = findBegunBeforeAmbiguous(run);
  const newestAccess = new Map(
    histories
      .filter(([{ aspect }]) => aspect === "access")
      .map((history) => [history[0].personId, history.at(-1)]),
  );
  const hasToEnd = (decision: HrDecision) =>
    mustEnd(decision, newestAccess.get(decision.personId), journal) && !isSupersededByVoid(decision, journal);
  const verification: Verification = {
    lost: [...decisions.filter(hasToEnd).map(({ id }) => id), ...run.deadByCode.keys()].filter(
      (id) => !journal.has(id) && !deadLetters.has(id),
    ),
    wrongState: [
      ...findWrongDiscards(run),
      ...findDeadLettersTaken(run),
      ...findMixedPeople(run),
      ...findEarlyOutcomes(run),
    ],
    regressions: [],
    duplicateInvites: 0,
    invitedTwice: [],
    allowedDuplicateInvites: findUnconfirmedInvites(run.invitations, kills, journal).length,
    standings: { asDecided: 0, refused: 0, givenUp: 0, awaited: 0, unknown: 0, believed: 0 },
  };
  for (const history of histories) {
    const [{ personId, aspect }] = history;
    const key = `${personId} ${aspect}`;
    const own = effectsByAspect.get(key) ?? [];
    const person = peopleById.get(personId);
    if (person === undefined) throw new Error(`the run has no person with the id ${personId}`);
    const results = new Set(own.map(({ result }) => result));
    const evidence: HistoryEvidence & Refusals = {
      ...evidenceOf(person, aspect, run),
      mayHaveHappened: begun.get(key) ?? new Set(),
      isBinding: hasToEnd,
      happened: (result) => results.has(result),
    };
    verifyHistory(history, own, evidence, { journal, verification });
    effectsByAspect.delete(key);
    if (aspect !== "access") continue;
    for (const ending of ["session", "pin"] as const) {
      const endings = effectsByAspect.get(`${personId} ${ending}`) ?? [];
      const hides = run.hidesSuspended(person.accountId);
      verification.wrongState.push(...findMissingEndings(history, ending, own, endings, journal, hides));
      effectsByAspect.delete(`${personId} ${ending}`);
    }
  }
  for (const [key, effects] of effectsByAspect) {
    const stray = effects.find(({ result }) => !begun.get(key)?.has(result));
    if (stray !== undefined)
      verification.wrongState.push(`${key}: "${stray.result}" happened without any decision`);
  }
  return verification;
}

/**
 * A decision gave way to a newer one that was discarded only afterwards, and the operator knew what stood before; or to one that waited
 * for its day, and was a dead letter then because somebody else has its person's id.
 */
function isSupersededByVoid({ id }: HrDecision, journal: RunEvidence["journal"]): boolean {
  const { outcome, code = "" } = journal.get(id) ?? {};
  if (outcome !== "superseded") return false;
  return journal.get(code)?.outcome === "discarded" || isAmbiguous(code, journal);
}

/** Finds discards that nobody made, and those that were made and are not in the journal; a sentence each. */
function findWrongDiscards({ decisions, journal, discards }: RunEvidence): string[] {
  return decisions.flatMap(({ id, personId }) => {
    const outcome = journal.get(id)?.outcome;
    if (outcome === "discarded" && !discards.tried.has(id))
      return [`${personId}: the journal says that ${id} was discarded, which nobody did`];
    if (outcome !== "discarded" && discards.done.has(id))
      return [`${personId}: ${id} was discarded, and the journal says "${outcome}"`];
    return [];
  });
}

function verifyHistory(
  history: DecisionHistory,
  own: readonly DirectoryChange[],
  evidence: HistoryEvidence & Refusals,
  { journal, verification }: Pick<RunEvidence, "journal"> & { verification: Verification },
): void {
  const describe = () => describeHistory(history, own, journal);
  const findings = possibleHistories(history).map((possible) => verifyState(possible, evidence));
  const finding = findings.find(({ kind }) => kind !== "wrong") ?? verifyState(history, evidence);
  const { mayHaveHappened, actual } = evidence;
  if (finding.kind === "wrong" && mayHaveHappened.has(actual)) verification.standings.unknown += 1;
  else if (finding.kind === "wrong") verification.wrongState.push(`${finding.detail}${describe()}`);
  else verification.standings[finding.kind] += 1;
  const impossible = findImpossibleOutcomes(history, evidence, journal);
  verification.wrongState.push(...impossible.map((found) => `${found}${describe()}`));
  const certain = own.filter(({ result }) => !mayHaveHappened.has(result));
  const regressions = findRegressions(history, certain, journal);
  verification.regressions.push(...regressions.map((found) => `${found}${describe()}`));
  const mails = own.filter(({ isMail }) => isMail);
  const duplicates = countDuplicateInvites(history, mails, journal);
  verification.duplicateInvites += duplicates;
  if (duplicates > 0)
    verification.invitedTwice.push(`${history[0].personId}: invited more often than decided${describe()}`);
}

function evidenceOf(
  { personId, email, accountId, userId }: RunPerson,
  aspect: HrDecision["aspect"],
  run: RunEvidence,
): Omit<HistoryEvidence, "isBinding" | "happened" | "mayHaveHappened"> & Refusals {
  const { before, after, journal, deadLetters, receives, defaultLicense } = run;
  const { refusalOf, poisonOf, poisonCodes, codesOfUnknownCause, liedAbout } = run.faultsOf(accountId);
  const isNewLicense = aspect === "license" && userId === undefined;
  const initial = isNewLicense ? defaultLicense(accountId) : before.get(personId)?.[aspect];
  const isHidden = run.hidesSuspended(accountId) && after.get(personId)?.access === "out";
  return {
    actual: after.get(personId)?.[aspect] ?? "absent",
    initial: initial ?? "absent",
    isGone: aspect === "license" && isHidden,
    outcome: (eventId) => journal.get(eventId)?.outcome,
    deadLetters: (eventId) => deadLetters.get(eventId) ?? [],
    refusalOf: (change) => refusalOf(accountId, change, email),
    poison: poisonOf(email),
    poisonCodes,
    codesOfUnknownCause,
    receives: (eventId) => receives.get(eventId) ?? 0,
    wasLiedAbout: (eventId) => liedAbout(journal.get(eventId)?.requestId ?? "", email.toLowerCase()),
  };
}

/** Groups effects by person and aspect; those of an unknown address by that address. */
function groupEffects(
  all: readonly DirectoryChange[],
  people: readonly RunPerson[],
): Map<string, [DirectoryChange, ...DirectoryChange[]]> {
  const personAt = new Map(
    people.map(({ accountId, email, personId }) => [`${accountId} ${email}`, personId]),
  );
  const groups = new Map<string, [DirectoryChange, ...DirectoryChange[]]>();
  for (const effect of all) {
    const address = `${effect.accountId} ${effect.address}`;
    const key = `${personAt.get(address) ?? address} ${effect.aspect}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [effect]);
    else group.push(effect);
  }
  return groups;
}

/** Lists the decisions and effects of one aspect of one person, for the search of the cause. */
function describeHistory(
  history: DecisionHistory,
  effects: readonly DirectoryChange[],
  journal: ReadonlyMap<string, JournalRecord>,
): string {
  const decisions = history.map(({ id, wants, occurredAt }) => {
    const { outcome = "nothing", code = "", requestId = "", recordedAt } = journal.get(id) ?? {};
    const recorded = recordedAt === undefined ? "" : `, recorded ${iso(recordedAt)}`;
    return `\n  decided ${iso(occurredAt)} ${id} "${wants}": ${outcome} ${code} ${requestId}${recorded}`;
  });
  const happened = effects.map(
    ({ at, result, requestId, isMail }) =>
      `\n  happened ${iso(at)} "${result}"${isMail ? " by mail" : ""} ${requestId}`,
  );
  return [...decisions, ...happened].join("");
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
