import * as z from "zod";
import type { HrEventLine } from "../drawDecisions.ts";

/**
 * A decision as the oracle reads it. Nothing in this folder uses `src/provisioning`, the ledger or the policy. It reads the
 * events, the ledger's table and the directory by itself, so that a defect in those cannot hide in the oracle.
 */
export interface HrDecision {
  id: string;
  personId: string;
  /** Decisions are ordered among those about the same person and aspect. */
  aspect: "access" | "license";
  /** `in`, `out`, or the name of a license. */
  wants: string;
  /** The Chime operation that applies it. */
  operation: string;
  occurredAt: number;
  effectiveAt: number;
  /** When the bus had the first copy of its event, and the last. Absent from what the service publishes by itself. */
  busTimes?: { first: number; last: number };
  /** What else of the person has to end with the access, each by a call of its own. */
  endsToo?: readonly EndingAspect[];
  /** Absent from decisions that HR made itself. */
  follows?: Followed;
}

/** A session is ended, and a PIN is replaced. */
export type EndingAspect = "session" | "pin";

/** The decision from which a license follows. */
interface Followed {
  /** The id of the decision about the person's access. */
  id: string;
  /** The user may be gone by the time at which the license follows, and then has none to change. */
  mayBeGone: boolean;
}

/** An account as the oracle knows it: the operations of its type, and the licenses of roles and invitations. */
export interface OracleAccount {
  domain: string;
  letIn: "InviteUsers" | "BatchUnsuspendUser";
  /** What a suspension leaves as it is, and the policy of the run wants ended. */
  endsToo: readonly EndingAspect[];
  defaultLicense: string;
  licensePerRole: Readonly<Record<string, string>>;
  /** The license that the policy of the run leaves leavers with. */
  afterLeaving: string;
  /** Nobody sees a suspended user there until the next invitation: no license can be changed so long. */
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
    metadata: z.object({ id: z.string(), occurredAt: z.string() }),
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
 * Reads the decision of a published event, and the license that follows from it if the event names a license or a role.
 * Throws for a malformed event, and for an unknown account or time zone.
 */
export function readDecisions(
  line: HrEventLine,
  accounts: readonly OracleAccount[],
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
    personId: data.personId,
    ...toDesiredState(type, license, account),
    occurredAt,
    effectiveAt: readEffect(data) ?? occurredAt,
  };
  const following = decision.wants === "out" ? account.afterLeaving : license;
  if (decision.aspect !== "access" || following === undefined) return [decision];
  const isAfterLeaving = decision.wants === "out";
  const follows = { id: decision.id, mayBeGone: isAfterLeaving && account.hidesSuspended };
  return [
    decision,
    {
      ...decision,
      ...toFollowUp(decision.id, following),
      // After days of grace, which are longer than any date of HR's in a run.
      ...(isAfterLeaving && { effectiveAt: Number.MAX_SAFE_INTEGER }),
      follows,
    },
  ];
}

function toFollowUp(id: string, license: string): Pick<HrDecision, "id" | "aspect" | "wants" | "operation"> {
  return { id: `#license:${id}`, aspect: "license", wants: license, operation: "BatchUpdateUser" };
}

function toDesiredState(
  type: Line["detail-type"],
  license: string | undefined,
  { letIn, endsToo }: OracleAccount,
): Pick<HrDecision, "aspect" | "wants" | "operation" | "endsToo"> {
  switch (type) {
    case "EmployeeLeft":
      return { aspect: "access", wants: "out", operation: "BatchSuspendUser", endsToo };
    case "EmployeeHired":
    case "EmployeeReturned":
      return { aspect: "access", wants: "in", operation: letIn };
    case "EmployeeRoleChanged":
    case "LicenseChanged":
      if (license === undefined) throw new Error("the event names no license, and no role that gets one");
      return { aspect: "license", wants: license, operation: "BatchUpdateUser" };
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

/** All decisions about one aspect of one person: first the void ones, then the others from the oldest to the newest, which stands. */
export type DecisionHistory = readonly [HrDecision, ...HrDecision[]];

/**
 * Sorts the decisions into one history for each person and aspect.
 *
 * @param isSuperseded what the journal says of a decision: a license that never stood makes none void
 */
export function groupByAspect(
  decisions: readonly HrDecision[],
  isSuperseded: (id: string) => boolean = () => false,
): DecisionHistory[] {
  const byAspect = new Map<string, [HrDecision, ...HrDecision[]]>();
  for (const decision of decisions) {
    const key = `${decision.personId} ${decision.aspect}`;
    const history = byAspect.get(key);
    if (history === undefined) byAspect.set(key, [decision]);
    else history.push(decision);
  }
  for (const history of byAspect.values()) {
    const voids = new Set(history.filter((each) => isVoid(each, history, isSuperseded)));
    history.sort((a, b) => Number(voids.has(b)) - Number(voids.has(a)) || byEffect(a, b));
  }
  return [...byAspect.values()];
}

/** Whether a decision is void because of another one of its history. */
function isVoid(
  decision: HrDecision,
  history: readonly HrDecision[],
  isSuperseded: (id: string) => boolean,
): boolean {
  return history.some(
    (other) => annuls(other, decision) && !(other.aspect === "license" && isSuperseded(other.id)),
  );
}

/**
 * Whoever leaves is let in by nothing that was decided before, whenever that takes effect. And a license that follows from a
 * decision gives way to one that HR named later.
 */
function annuls(other: HrDecision, decision: HrDecision): boolean {
  const mayAnnul =
    decision.aspect === "access"
      ? decision.wants === "in" && other.wants === "out"
      : decision.follows !== undefined && other.follows === undefined;
  return mayAnnul && isLater(other, decision);
}

/** Whether a decision that stands keeps another one of the history out. */
export function standsOver(one: HrDecision, other: HrDecision, history: DecisionHistory): boolean {
  if (annuls(one, other)) return true;
  return byEffect(one, other) > 0 && !isTied(one, other) && !isVoid(one, history, () => false);
}

const isLater = (one: HrDecision, other: HrDecision) => byDecision(one, other) > 0;

/** Compares decisions by when they count, which is not before they were made; then by when they were made. */
function byEffect(a: HrDecision, b: HrDecision): number {
  return Math.max(a.occurredAt, a.effectiveAt) - Math.max(b.occurredAt, b.effectiveAt) || byDecision(a, b);
}

/**
 * Compares decisions by when they were made; if at the same time, by when they take effect; then the one that the bus had later is
 * the newer, then a leave, and then the one with the greater id.
 */
function byDecision(a: HrDecision, b: HrDecision): number {
  return (
    a.occurredAt - b.occurredAt ||
    a.effectiveAt - b.effectiveAt ||
    (a.busTimes?.first ?? 0) - (b.busTimes?.first ?? 0) ||
    Number(a.wants === "out") - Number(b.wants === "out") ||
    a.id.localeCompare(b.id, "en", { numeric: true })
  );
}

/**
 * Whether two decisions were made at one time for one time, and the bus had copies of them in no clear order: whichever copies
 * came first to the functions decide then.
 */
function isTied(one: HrDecision | undefined, other: HrDecision | undefined): boolean {
  if (one === undefined || other === undefined || one === other) return false;
  if (one.occurredAt !== other.occurredAt || one.effectiveAt !== other.effectiveAt) return false;
  const [a, b] = [one.busTimes, other.busTimes];
  if (a === undefined || b === undefined) return false;
  const isClear = a.first === a.last && b.first === b.last;
  return !isClear && a.first <= b.last && b.first <= a.last;
}

/** The histories that tied decisions allow: each of those that are tied with the newest may be the newest. */
export function possibleHistories(history: DecisionHistory): [DecisionHistory, ...DecisionHistory[]] {
  const newest = history.at(-1);
  const others = history.filter((each) => isTied(each, newest));
  const endingWith = (last: HrDecision): DecisionHistory => {
    const [first = last, ...rest] = history.filter((each) => each !== last);
    return first === last ? [last] : [first, ...rest, last];
  };
  return [history, ...others.map(endingWith)];
}
