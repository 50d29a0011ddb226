import type { ResourceName, TargetNames } from "./targetNames.ts";

/** The services whose endpoints can be named. */
export type Service = "dynamodb" | "sqs" | "eventBridge" | "directory";

/** What a command works on: the stage's names, and the AWS account and region that they are in. */
export interface Target extends TargetNames {
  region: string;
  /** The AWS account; left out on this computer, and where it could not be found out. */
  account?: string;
  /** The ARN of who calls AWS, as `sts:GetCallerIdentity` says. */
  caller?: string;
  /** Why account and caller are not known. */
  unknownBecause?: string;
  /** Those that were named. */
  endpoints: Partial<Record<Service, string>>;
}

/** Throws for a name that the command did not ask for, which is a defect. */
export function nameIn(target: Target, resource: ResourceName): string {
  const { [resource]: name } = target;
  if (name === undefined)
    throw new Error(`expected the command to have asked for the name of its ${resource}`);
  return name;
}

/** The target in words: `stage prod, account 123456789012, eu-central-1`. */
export function targetText(target: Target): string {
  return [...namesTexts(target), ...placeTexts(target)].join(", ");
}

function namesTexts({ stage, table, stack, bus }: Target): string[] {
  if (stage !== undefined) return [`stage ${stage}`];
  return [
    ...(stack === undefined ? [] : [`stack ${stack}`]),
    ...(table === undefined ? [] : [`table ${table}`]),
    ...(bus === undefined ? [] : [`bus ${bus}`]),
  ];
}

function placeTexts(target: Target): string[] {
  if (isLocalStack(target)) return ["on this computer"];
  const { account, region, endpoints, unknownBecause } = target;
  const urls = [...new Set(Object.values(endpoints))];
  if (account === undefined && unknownBecause === undefined) return [`at ${urls.join(" and ")}`, region];
  return [
    account === undefined ? "account unknown" : `account ${account}`,
    region,
    ...(urls.length === 0 ? [] : [`at ${urls.join(" and ")}`]),
  ];
}

/** The line that stands before everything else that a command says. */
export function targetLine(target: Target): string {
  const { caller, isDefault, unknownBecause } = target;
  return [
    `Target: ${targetText(target)}`,
    ...(caller === undefined ? [] : [`as ${caller}`]),
    ...(isDefault ? ["by default: name a stage with --stage or ROLLCALL_STAGE"] : []),
    ...(unknownBecause === undefined ? [] : [unknownBecause]),
  ].join("; ");
}

/** What a report says of the target, for programs. */
export interface TargetReport {
  stage: string | null;
  account: string | null;
  region: string;
}

/** The stage of the stack that `rollcall dev` keeps up on this computer. */
export const localStage = "local";

/** Whether a target is the stack of `rollcall dev`. Its endpoints are found by its name. */
export function isLocalStack({ stage, endpoints }: Pick<Target, "stage" | "endpoints">): boolean {
  const urls = Object.values(endpoints);
  return stage === localStage && urls.length > 0 && urls.every(isLoopback);
}

export function toTargetReport({ stage, account, region }: Target): TargetReport {
  return { stage: stage ?? null, account: account ?? null, region };
}

/**
 * Who acts, for the journal: the name that was typed and the ARN that AWS knows. It is one text, because a worker of an earlier
 * release, which may write the entry anew, keeps this text and would drop another attribute.
 */
export function actorOf(by: string | undefined, { caller }: Target): string | undefined {
  if (caller === undefined) return by;
  return by === undefined ? caller : `${by} (${caller})`;
}

/** Whether a service is on this computer. */
export function isLoopback(endpoint: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(endpoint).hostname);
}
