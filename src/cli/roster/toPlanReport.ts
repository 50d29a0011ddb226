import type { Conflict } from "../../reconcile/mergeRows.ts";
import type { RosterPlan } from "../../reconcile/planRoster.ts";
import type { Finding, RosterChange } from "../../reconcile/rosterChange.ts";
import type { ShowText } from "../ledger/shownText.ts";

/** One thing that would happen, or that is told, about one person or account. */
export interface PlanEntry {
  kind: RosterChange["kind"] | Finding["kind"];
  /** `null` where there is none, as of an account without a row. */
  personId: string | null;
  email: string | null;
  accountId: string | null;
  /** What else there is to know: the license, the rule, the reason. */
  detail: string | null;
}

/** A plan as it is shown. Times are ISO 8601 in UTC. */
export interface PlanReport extends Pick<RosterPlan, "calls" | "held" | "directory"> {
  asOf: string;
  roster: RosterPlan["counts"];
  changes: PlanEntry[];
  findings: PlanEntry[];
}

export function toPlanReport(plan: RosterPlan, show: ShowText): PlanReport {
  const { asOf, counts, directory, calls, held, changes, findings } = plan;
  const shown = (entry: PlanEntry): PlanEntry => ({
    kind: entry.kind,
    personId: entry.personId && show(entry.personId),
    email: entry.email && show(entry.email),
    accountId: entry.accountId,
    detail: entry.detail && show(entry.detail),
  });
  return {
    asOf: new Date(asOf).toISOString(),
    roster: counts,
    directory,
    calls,
    held,
    changes: changes.map((change) => shown(ofChange(change))),
    findings: findings.map((finding) => shown(ofFinding(finding))),
  };
}

function ofChange({ kind, desired, user }: RosterChange): PlanEntry {
  const { personId, email } = desired.group.newest;
  const { accountId, licenseType = "" } = desired;
  const detail =
    kind === "license" ? `${user?.licenseType ?? "the account's license"} to ${licenseType}` : null;
  return { kind, personId, email, accountId, detail };
}

function ofFinding(finding: Finding): PlanEntry {
  const { kind } = finding;
  switch (kind) {
    case "conflict":
      return { kind, ...ofConflict(finding.conflict) };
    case "excluded": {
      const { email, personId = null, rule } = finding;
      return { kind, personId, email, accountId: null, detail: rule };
    }
    case "unlisted": {
      const { email, accountId, user } = finding;
      return { kind, personId: null, email, accountId, detail: `user ${user.userId}, ${user.status}` };
    }
    case "awaited": {
      const { email, accountId, personId } = finding;
      return { kind, personId, email, accountId, detail: null };
    }
    case "impossible": {
      const { email, accountId, personId, code, reason } = finding;
      return { kind, personId, email, accountId, detail: `${code}: ${reason}` };
    }
  }
}

function ofConflict(conflict: Conflict): Omit<PlanEntry, "kind"> {
  switch (conflict.kind) {
    case "personTwice": {
      const detail = `rows ${conflict.rows.join(", ")} differ in address, role, license or attributes`;
      return { personId: conflict.personId, email: null, accountId: null, detail };
    }
    case "addressTwice": {
      const detail = `the one address of ${conflict.personIds.join(", ")}`;
      return { personId: null, email: conflict.email, accountId: null, detail };
    }
    case "userTwice": {
      const { email, accountId, personIds } = conflict;
      return { personId: null, email, accountId, detail: `an earlier address of ${personIds.join(", ")}` };
    }
    case "twoUsers":
      return ofUsers(conflict, "two active users have the address");
    case "secondAccount":
      return ofUsers(conflict, "a further account of the person, which stays as it is");
    case "leaverElsewhere":
      return ofUsers(
        conflict,
        "has left and keeps access here, while the roster leads to another account: suspend the user by hand",
      );
  }
}

function ofUsers(
  {
    personId,
    email,
    accountId,
  }: Extract<Conflict, { kind: "twoUsers" | "secondAccount" | "leaverElsewhere" }>,
  detail: string,
): Omit<PlanEntry, "kind"> {
  return { personId, email, accountId, detail };
}
