import type { Finding } from "../roster/comparison.ts";
import type { FollowedRoster, Publication } from "../roster/followRoster.ts";
import type { RosterPlan } from "../roster/rosterPlan.ts";
import type { Measurement, MetricName } from "./metricTable.ts";

/** What a look at the roster came to, as far as it is measured. */
type MeasuredRoster =
  | Pick<Extract<FollowedRoster, { kind: "disbelieved" }>, "kind" | "asOf">
  | ComparedRoster;

interface ComparedRoster {
  kind: "compared";
  plan: Pick<RosterPlan, "asOf"> & {
    changes: readonly unknown[];
    findings: readonly Pick<Finding, "kind">[];
  };
  publication: Publication;
}

/** What a look at the roster came to, as values; all of them each time, so that their alarms know when all is well. */
export function measureRoster(followed: MeasuredRoster, now: number): Measurement[] {
  const isBelieved = followed.kind === "compared";
  const asOf = isBelieved ? followed.plan.asOf : followed.asOf;
  return [
    measure("RosterNotBelieved", isBelieved ? 0 : 1),
    ...(asOf === undefined
      ? []
      : [measure("RosterAgeSeconds", Math.max(0, Math.round((now - asOf) / 1000)))]),
    ...(isBelieved ? measureComparison(followed) : []),
  ];
}

/** Of whom an event would be rejected, or wait for somebody, or be about the wrong one. */
const unsolved: readonly Finding["kind"][] = ["impossible", "conflict"];

/** Drift is what the directory has otherwise and this run did not set about to change. */
function measureComparison({ plan, publication }: ComparedRoster): Measurement[] {
  const changes = plan.changes.length;
  const left = plan.findings.filter(({ kind }) => unsolved.includes(kind)).length;
  switch (publication.kind) {
    case "reportOnly":
    case "publishedBefore":
      return [
        measure("RosterDrift", changes),
        measure("RosterUnsolved", left),
        measure("RosterEventsPublished", 0),
        measure("RosterEventsNotPublished", 0),
      ];
    case "published":
      return [
        measure("RosterDrift", 0),
        measure("RosterUnsolved", left),
        measure("RosterEventsPublished", publication.accepted),
        measure("RosterEventsNotPublished", changes - publication.accepted),
      ];
  }
}

function measure(name: MetricName, value: number): Measurement {
  return { name, values: [value], dimensions: {} };
}
