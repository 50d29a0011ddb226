/** What a look at one part of the surroundings found. */
export type Finding =
  | { state: "ok"; detail: string }
  /** `warning`: the commands work, but not all of them, or not as well. */
  | { state: "warning" | "failed"; detail: string; remedy: string };

/** One part of the surroundings, and how it is looked at. */
export interface Probe {
  /** Such as `ledger`. */
  name: string;
  /** Parts without which it says nothing: it is skipped if one of them failed. */
  needs: readonly string[];
  look: () => Promise<Finding>;
}

/** What was found, in the order of the probes. */
export interface DiagnosisReport {
  ok: boolean;
  checks: CheckReport[];
}

export interface CheckReport {
  check: string;
  state: Finding["state"] | "skipped";
  detail: string;
  /** What to do about it; `null` where there is nothing to do. */
  remedy: string | null;
}

/**
 * Looks at each part in turn, and changes nothing. What depends on a part that failed is skipped, so that one cause is told once. Whatever
 * a probe throws is a finding.
 */
export async function diagnose(probes: readonly Probe[]): Promise<DiagnosisReport> {
  const checks: CheckReport[] = [];
  for (const { name, needs, look } of probes) {
    const missing = needs.find((need) =>
      checks.some(({ check, state }) => check === need && isMissing(state)),
    );
    checks.push(
      missing === undefined
        ? toReport(name, await findingOf(look))
        : { check: name, state: "skipped", detail: `it needs ${missing}`, remedy: null },
    );
  }
  return { ok: checks.every(({ state }) => !isMissing(state)), checks };
}

function isMissing(state: CheckReport["state"]): boolean {
  return state === "failed" || state === "skipped";
}

async function findingOf(look: Probe["look"]): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { state: "failed", detail, remedy: "this is unexpected: report it with the line above" };
  }
}

function toReport(check: string, finding: Finding): CheckReport {
  const remedy = finding.state === "ok" ? null : finding.remedy;
  return { check, state: finding.state, detail: finding.detail, remedy };
}
