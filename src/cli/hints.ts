import { isLocalStack, localStage, type Service, type Target } from "./target.ts";
import type { ResourceName } from "./targetNames.ts";

/** How a command is told its target: which resources it names, and which flag has the endpoint of which service. */
interface TargetFlags {
  resources: readonly ResourceName[];
  endpoints: Partial<Record<Service, string>>;
}

const ofLedger: TargetFlags = { resources: ["table"], endpoints: { dynamodb: "--endpoint" } };
const ofQueues: TargetFlags = { resources: ["stack"], endpoints: { sqs: "--endpoint" } };
const ofBoth: TargetFlags = {
  resources: ["stack", "table"],
  endpoints: { sqs: "--endpoint", dynamodb: "--table-endpoint" },
};

const ofAll: TargetFlags = {
  resources: ["stack", "table", "bus"],
  endpoints: { sqs: "--endpoint", dynamodb: "--table-endpoint", eventBridge: "--bus-endpoint" },
};

const ofPlan: TargetFlags = { resources: ["table"], endpoints: { dynamodb: "--table-endpoint" } };
const ofSync: TargetFlags = {
  resources: ["bus", "table"],
  endpoints: { dynamodb: "--table-endpoint", eventBridge: "--endpoint" },
};

/** The commands that others advise. */
const hinted = {
  console: ofAll,
  status: ofBoth,
  history: ofLedger,
  plan: ofPlan,
  sync: ofSync,
  "user show": ofLedger,
  "user sign-out": ofLedger,
  "user reset-pin": ofLedger,
  explain: ofLedger,
  "held list": ofLedger,
  "held release": ofLedger,
  "held discard": ofLedger,
  "safeguard allow": ofLedger,
  "safeguard reset": ofLedger,
  pending: ofLedger,
  resume: ofLedger,
  "dlq list": ofQueues,
  "dlq show": ofQueues,
  "dlq redrive": ofBoth,
  "dlq discard": ofBoth,
  "dlq edit": ofAll,
} as const satisfies Record<string, TargetFlags>;

export type HintedCommand = keyof typeof hinted;

/** What follows the target on the command line: options by their names, and then ids. */
export interface HintArguments {
  options?: Readonly<Record<string, string | readonly string[] | undefined>>;
  ids?: readonly string[];
}

/**
 * A command for an operator to paste. It names the target that was read, whatever the shell has in its environment by then, and
 * the account that the credentials must be of. So it acts there, or nowhere. No hint is built anywhere else.
 */
export function hintText(
  target: Target,
  command: HintedCommand,
  { options = {}, ids = [] }: HintArguments = {},
): string {
  const given = Object.entries(options).flatMap(([name, value]) => {
    // The stack on this computer has its own, which the stage names too.
    const isNamed = name === "policy" && isLocalStack(target);
    return isNamed ? [] : [value ?? []].flat().flatMap((each) => option(`--${name}`, each));
  });
  const isLikeAnOption = ids.some((id) => id.startsWith("-"));
  const words = [
    ...targetWords(target, hinted[command]),
    ...given,
    ...(isLikeAnOption ? ["--"] : []),
    ...ids.map(quoted),
  ];
  return ["rollcall", command, ...words].join(" ");
}

function targetWords(target: Target, { resources, endpoints }: TargetFlags): string[] {
  const { stage, region, account } = target;
  if (isLocalStack(target)) return option("--stage", localStage);
  const names =
    stage === undefined
      ? resources.flatMap((resource) => option(`--${resource}`, target[resource] ?? unknown))
      : option("--stage", stage);
  return [
    ...names,
    ...option("--region", region),
    ...(account === undefined ? [] : option("--aws-account", account)),
    ...endpointWords(target, endpoints),
  ];
}

/** Stands for what was not told. No resource and no endpoint has this name, so that such a command does nothing. */
const unknown = "UNKNOWN";

/** A target on this computer is one only with the endpoints of all its services. */
function endpointWords(target: Target, flags: TargetFlags["endpoints"]): string[] {
  const isOverridden = Object.keys(target.endpoints).length > 0;
  return (["dynamodb", "sqs", "eventBridge"] as const).flatMap((service) => {
    const flag = flags[service];
    if (flag === undefined || !isOverridden) return [];
    return option(flag, target.endpoints[service] ?? unknown);
  });
}

function option(flag: string, value: string): string[] {
  return value.startsWith("-") ? [`${flag}=${quoted(value)}`] : [flag, quoted(value)];
}

/** One word for a POSIX shell, whatever is in it: ids and names come from outside. */
function quoted(value: string): string {
  if (/^[\w@%+=:,./-]+$/.test(value)) return value;
  return /[\\"$`!]/.test(value) ? `'${value.replaceAll("'", "'\\''")}'` : `"${value}"`;
}
