import { readFileSync } from "node:fs";
import * as z from "zod";
import { parseJson } from "../events/boundedJson.ts";
import { createStsClient, findCaller, findRegion } from "./awsClients.ts";
import { explainStsFailure } from "./awsFailures.ts";
import type { CommandFailure } from "./commandResult.ts";
import { describeFileError } from "./files.ts";
import type { TargetOptions } from "./options.ts";
import { breakText } from "./screen/lineBreaks.ts";
import { isLoopback, type Service, type Target, targetLine } from "./target.ts";
import { type GivenNames, nameTarget, type ResourceName, stagePattern } from "./targetNames.ts";
import { paint, type Terminal } from "./terminal.ts";

/** What a command needs of its target. */
export interface TargetNeeds {
  resources: readonly ResourceName[];
  /** Those that were named. */
  endpoints: Partial<Record<Service, string | undefined>>;
  /** Who acts is kept, so that the command stops where that cannot be found out. */
  isRecorded?: boolean;
}

export type OpenedTarget = { kind: "opened"; target: Target } | CommandFailure;

/**
 * Finds out what a command works on and who calls, and tells it in a first line on stderr. It refuses a target in another AWS
 * account than the one that was asked for.
 */
export async function openTarget(
  options: TargetOptions,
  { resources, endpoints: named, isRecorded = false }: TargetNeeds,
  { stderr }: Terminal,
): Promise<OpenedTarget> {
  const file = readTargetFile();
  if (file.kind !== "read") return file;
  const naming = nameTarget([options, environmentNames(process.env), file.names], resources);
  if (naming.kind === "unnamed") return { kind: "misused", message: naming.message };
  const endpoints = withoutUndefined(named);
  const isLocal = Object.values(endpoints).some(isLoopback);
  const place = await findPlace(options, isLocal);
  if (place.kind !== "found") return place;
  const { kind: _, ...where } = place;
  const target: Target = { ...naming.names, endpoints, ...where };
  stderr.write(`${breakText(paint(stderr, "dim", targetLine(target)), stderr)}\n`);
  const { unknownBecause } = target;
  if (isRecorded && unknownBecause !== undefined) return { kind: "failed", message: unknownBecause };
  const configured = process.env.ROLLCALL_AWS_ACCOUNT ?? file.awsAccount;
  const expected = options.awsAccount ?? (isLocal ? undefined : configured);
  return expected === undefined || expected === target.account
    ? { kind: "opened", target }
    : { kind: "misused", message: otherAccount(expected, target) };
}

type Place = Pick<Target, "region" | "account" | "caller" | "unknownBecause">;

/** Emulators ask nobody who they are, so neither are the real credentials sent to them nor is AWS asked about them. */
async function findPlace(
  { region: named, stsEndpoint }: TargetOptions,
  isLocal: boolean,
): Promise<({ kind: "found" } & Place) | CommandFailure> {
  if (isLocal && stsEndpoint === undefined) return { kind: "found", region: named ?? "us-east-1" };
  const endpoint = {
    ...(named !== undefined && { region: named }),
    ...(stsEndpoint !== undefined && { endpoint: stsEndpoint }),
  };
  const sts = createStsClient(endpoint);
  try {
    const found = await findRegion(sts);
    if (found.kind === "none") return { kind: "misused", message: found.message };
    const { region } = found;
    try {
      return { kind: "found", region, ...(await findCaller(sts)) };
    } catch (error) {
      const { message } = explainStsFailure(error, { ...endpoint, region });
      return { kind: "found", region, unknownBecause: `who acts is not known: ${message}` };
    }
  } finally {
    sts.destroy();
  }
}

function otherAccount(expected: string, { account }: Target): string {
  const got = account === undefined ? "which account this is, is not known" : `this is ${account}`;
  return `expected the AWS account ${expected}; ${got}. Sign in to ${expected}, or name another with --aws-account; nothing was done`;
}

/** The stage that a command is told, by its options, by the environment or by the file; `undefined` where nobody names one. */
export function namedStage(given: string | undefined): string | undefined {
  if (given !== undefined) return given;
  const { stage } = environmentNames(process.env);
  if (stage !== undefined) return stage;
  const file = readTargetFile();
  return file.kind === "read" ? file.names.stage : undefined;
}

function environmentNames({
  ROLLCALL_STAGE,
  ROLLCALL_TABLE,
  ROLLCALL_STACK,
  ROLLCALL_BUS,
}: NodeJS.ProcessEnv): GivenNames {
  const orUndefined = (text: string | undefined) => (text === "" ? undefined : text);
  return {
    stage: orUndefined(ROLLCALL_STAGE),
    table: orUndefined(ROLLCALL_TABLE),
    stack: orUndefined(ROLLCALL_STACK),
    bus: orUndefined(ROLLCALL_BUS),
  };
}

const targetFile = ".rollcall.json";
const targetFileSchema = z.strictObject({
  stage: z.string().regex(stagePattern),
  awsAccount: z
    .string()
    .regex(/^\d{12}$/)
    .exactOptional(),
});

type TargetFile = { kind: "read"; names: GivenNames; awsAccount?: string } | CommandFailure;

/** Reads `.rollcall.json` in the current folder, where there is one. */
function readTargetFile(): TargetFile {
  let text: string;
  try {
    text = readFileSync(targetFile, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return { kind: "read", names: {} };
    return { kind: "misused", message: `cannot read ${targetFile}: ${describeFileError(error)}` };
  }
  const parsed = targetFileSchema.safeParse(parseJson(text));
  if (!parsed.success)
    return {
      kind: "misused",
      message: `expected ${targetFile} to hold {"stage": "prod"}, and perhaps "awsAccount" of 12 digits; mend it or remove it`,
    };
  const { stage, awsAccount } = parsed.data;
  return { kind: "read", names: { stage }, ...(awsAccount !== undefined && { awsAccount }) };
}

function withoutUndefined(endpoints: TargetNeeds["endpoints"]): Target["endpoints"] {
  const named: Target["endpoints"] = {};
  for (const service of ["dynamodb", "sqs", "eventBridge", "directory"] as const) {
    const endpoint = endpoints[service];
    if (endpoint !== undefined) named[service] = endpoint;
  }
  return named;
}
