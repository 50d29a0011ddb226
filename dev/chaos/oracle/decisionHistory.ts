import * as z from "zod";
import type { ChangeKind } from "../../directories/simulatedDirectory.ts";
import type { HrEventLine } from "../drawDecisions.ts";

/**
 * A decision as the oracle reads it. Nothing in this folder uses `src/provisioning`, the ledger or the policy. It reads the
 * events, the ledger's table and the directory by itself, so that a defect in those cannot hide in the oracle.
 */
export interface HrDecision {
  id: string;
  /** As the run names the person: HR may give two people one id. */
  personId: string;
  /** Decisions are ordered among those about the same person and aspect. */
  aspect: "access" | "license";
  /** `in`, `out`, or the name of a license. */
  wants: string;
  change: ChangeKind;
  occurredAt: number;
  effectiveAt: number;
  /** When the bus had the first copy of its event, and the last. Absent from what the service publishes by itself. */
  busTimes?: BusTimes;
  /** What else of the person has to end with the access, each by a call of its own. */
  endsToo?: readonly EndingAspect[];
  /** Absent from decisions that HR made itself. */
  follows?: Followed;
  /** The decision that this one undoes: it has the place directly after it. */
  undoes?: string;
}

/** Milliseconds since the epoch. */
export interface BusTimes {
  first: number;
  last: number;
}

/** A session is ended, and a PIN is replaced. */
export type EndingAspect = "session" | "pin";

/** The decision from which a license follows. */
interface Followed {
  /** The id of the decision about the person's access. */
  id: string;
  /** The invitation comes with this license, so that no follow-up is needed. */
  isNeedless: boolean;
  /** The account may hide the user by the time at which the license follows, and then there is none to change. */
  mayBeGone: boolean;
}

/** An account as the oracle knows it: what its type does, and the licenses of roles and invitations. */
export interface OracleAccount {
  domain: string;
  /** People are let in by an invitation, which comes with the default license. */
  invites: boolean;
  /** What a suspension leaves as it is, and the policy of the run wants ended. */
  endsToo: readonly EndingAspect[];
  defaultLicense: string;
  licensePerRole: Readonly<Record<string, string>>;
  /** The license that leavers keep after their days of grace; absent where they keep their own. */
  afterLeaving?: string;
  /** A suspended user is gone until the next invitation. */
  hidesSuspended: boolean;
}

const lineSchema = z.object({
  "detail-type": z.enum([
    "EmployeeHired",
    "EmployeeLeft",
    "EmployeeReturned",
    "EmployeeRoleChanged",
    "LicenseChanged",
  ]),
  detail: z.object({
    metadata: z.object({
      id: z.string(),
      occurredAt: z.string(),
      undoes: z.object({ id: z.string() }).optional(),
    }),
    data: z.object({
      personId: z.string(),
      email: z.string(),
      effectiveAt: z.string().optional(),
      effectiveDate: z.string().optional(),
      timeZone: z.string().optional(),
      role: z.string().optional(),
      licenseType: z.string().optional(),
    }),
  }),
});

type Line = z.output<typeof lineSchema>;

/**
 * Reads the decision of a published event, and the license that follows from it: from a way in if the event names a license or a
 * role, and from a leave if the account lowers the licenses of leavers. Throws for a malformed event, and for an unknown account or
 * time zone.
 *
 * @param personAt the run's name of the person with this address (lower-case); by default HR's id
 */
export function readDecisions(
  line: HrEventLine,
  accounts: readonly OracleAccount[],
  personAt: (address: string) => string | undefined = () => undefined,
): [HrDecision, ...HrDecision[]] {
  const { detail, "detail-type": type } = lineSchema.parse(line);
  const { metadata, data } = detail;
  const domain = data.email.slice(data.email.indexOf("@") + 1);
  const account = accounts.find((each) => each.domain === domain);
  if (account === undefined)
    throw new Error(`${metadata.id}: no account of the run has the domain ${domain}`);
  const occurredAt = Date.parse(metadata.occurredAt);
  const license = data.licenseType ?? account.licensePerRole[data.role ?? ""];
  const decision = {
    id: metadata.id,
    personId: personAt(data.email.toLowerCase()) ?? data.personId,
    ...toDesiredState(type, license, account),
    occurredAt,
    effectiveAt: readEffect(data) ?? occurredAt,
    ...(metadata.undoes && { undoes: metadata.undoes.id }),
  };
  const isAfterLeaving = decision.wants === "out";
  const following = isAfterLeaving ? account.afterLeaving : license;
  if (decision.aspect !== "access" || following === undefined) return [decision];
  const comesWithInvitation =
    type === "EmployeeHired" && account.invites && following === account.defaultLicense;
  // An invited user who existed before may have the lower license that leavers keep.
  const isNeedless = comesWithInvitation && account.afterLeaving === undefined;
  const mayBeGone = isAfterLeaving && account.hidesSuspended;
  const followUp: HrDecision = {
    id: `#license:${decision.id}`,
    personId: decision.personId,
    aspect: "license",
    wants: following,
    change: "license",
    occurredAt,
    // After days of grace, which end later than any date of HR's in a run.
    effectiveAt: isAfterLeaving ? Number.MAX_SAFE_INTEGER : decision.effectiveAt,
    follows: { id: decision.id, isNeedless, mayBeGone },
  };
  return [decision, followUp];
}

function toDesiredState(
  type: Line["detail-type"],
  license: string | undefined,
  { endsToo }: OracleAccount,
): Pick<HrDecision, "aspect" | "wants" | "change" | "endsToo"> {
  switch (type) {
    case "EmployeeLeft":
      return { aspect: "access", wants: "out", change: "suspend", endsToo };
    case "EmployeeHired":
    case "EmployeeReturned":
      return { aspect: "access", wants: "in", change: "letIn" };
    case "EmployeeRoleChanged":
    case "LicenseChanged":
      if (license === undefined) throw new Error("the event names no license, and no role that gets one");
      return { aspect: "license", wants: license, change: "license" };
  }
}

/** How far these time zones are ahead of UTC, in hours. They have no daylight saving time. */
const hoursAhead: Readonly<Record<string, number>> = {
  "Asia/Tokyo": 9,
  "Asia/Kolkata": 5.5,
  "America/Phoenix": -7,
};

function readEffect({
  effectiveAt,
  effectiveDate,
  timeZone = "",
}: Line["detail"]["data"]): number | undefined {
  if (effectiveAt !== undefined) return Date.parse(effectiveAt);
  if (effectiveDate === undefined) return undefined;
  const ahead = hoursAhead[timeZone];
  if (ahead === undefined) throw new Error(`the oracle does not know the time zone ${timeZone}`);
  return Date.parse(`${effectiveDate}T24:00:00Z`) - ahead * 3_600_000;
}

/** All decisions about one aspect of one person, from the oldest to the newest, which has to stand. */
export type DecisionHistory = readonly [HrDecision, ...HrDecision[]];

/** Sorts the decisions into one history for each person and aspect. */
export function groupByAspect(decisions: readonly HrDecision[]): DecisionHistory[] {
  const byAspect = new Map<string, [HrDecision, ...HrDecision[]]>();
  for (const decision of decisions) {
    const key = `${decision.personId} ${decision.aspect}`;
    const history = byAspect.get(key);
    if (history === undefined) byAspect.set(key, [decision]);
    else history.push(decision);
  }
  const byId = new Map(decisions.map((decision) => [decision.id, decision]));
  for (const history of byAspect.values()) history.sort((a, b) => byPlace(a, b, byId));
  return [...byAspect.values()];
}

/** An undo is where the decision is that it undoes, and comes after that one. */
function byPlace(a: HrDecision, b: HrDecision, byId: ReadonlyMap<string, HrDecision>): number {
  const placeOf = ({ undoes = "" }: HrDecision) => byId.get(undoes);
  const [ofA = a, ofB = b] = [placeOf(a), placeOf(b)];
  return ofA.id === ofB.id ? Number(ofA !== a) - Number(ofB !== b) : byAge(ofA, ofB);
}

/**
 * Compares decisions by when they were made; if at the same time, by when they take effect; then the one that the bus had later is
 * the newer, then a leave, and then the decision with the greater id.
 */
function byAge(a: HrDecision, b: HrDecision): number {
  return (
    a.occurredAt - b.occurredAt ||
    a.effectiveAt - b.effectiveAt ||
    (a.busTimes?.first ?? 0) - (b.busTimes?.first ?? 0) ||
    Number(a.wants === "out") - Number(b.wants === "out") ||
    a.id.localeCompare(b.id, "en", { numeric: true })
  );
}

/**
 * Whether two decisions were made at one time for one time, and the bus had copies of them in no clear order: then the copies decide
 * that come first to the functions.
 */
export function isTied(one: HrDecision | undefined, other: HrDecision | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return false;
  if (one.undoes === other.id || other.undoes === one.id) return false;
  if (one.occurredAt !== other.occurredAt || one.effectiveAt !== other.effectiveAt) return false;
  const [a, b] = [one.busTimes, other.busTimes];
  if (a === undefined || b === undefined) return false;
  const isClear = a.first === a.last && b.first === b.last;
  return !isClear && a.first <= b.last && b.first <= a.last;
}

/** The histories that tied decisions allow: each of those that are tied with the newest may be the newest. */
export function possibleHistories(history: DecisionHistory): [DecisionHistory, ...DecisionHistory[]] {
  const newest = history.at(-1);
  const endingWith = (last: HrDecision): DecisionHistory => {
    const [first, ...rest] = history.filter((each) => each !== last);
    return first === undefined ? [last] : [first, ...rest, last];
  };
  return [history, ...history.filter((each) => isTied(each, newest)).map(endingWith)];
}
