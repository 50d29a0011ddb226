import type { Administration } from "../../../directory/administration.ts";
import { type Directory, DirectoryError, type Failure } from "../../../directory/directory.ts";
import { readingActions } from "../../../directory/directoryKind.ts";
import { type AccountSettings, allKinds } from "../../../directory/kinds/directoryKinds.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { CommandFailure, CommandResult, ErrorCode } from "../../commandResult.ts";
import { type OpenLedger, useLedger } from "../../composition.ts";
import { loadPolicy } from "../../files.ts";
import { openTarget } from "../../openTarget.ts";
import type { DirectoryOptions, LedgerOptions } from "../../options.ts";
import { isLoopback, type Target } from "../../target.ts";
import { type Terminal, writeWarning } from "../../terminal.ts";
import { openAccounts, openOperatorQuestions } from "./openAccounts.ts";

/** Where the directories and the ledger are, and which accounts are meant. */
export interface DirectoryRequest extends LedgerOptions, DirectoryOptions {
  /** Left out: `policy.yml` in the current folder, if there is one. */
  policy?: string;
  /** Left out: those of the policy. */
  account?: string;
}

/** What a command asks the directories and the ledger through. */
export interface OpenDirectoryTarget {
  target: Target;
  policy: Policy | undefined;
  /** Ids of the accounts that are meant. */
  accounts: string[];
  directory: Directory;
  administration: Administration;
  ledger: OpenLedger;
}

/** For a command that changes something at a directory: the permissions that the journal takes. */
export const journalPermissions = "dynamodb:Query, GetItem and PutItem on the table";

/**
 * Opens the directories of the accounts that are meant, and the target's ledger, and passes them to `use`. An account that the policy
 * does not have is taken for one that the credentials reach. A failure of a directory or of the ledger is explained.
 */
export async function withDirectoryTarget(
  request: DirectoryRequest,
  { toChange }: { toChange?: string },
  terminal: Terminal,
  use: (open: OpenDirectoryTarget) => Promise<CommandResult>,
): Promise<CommandResult> {
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  const { policy } = loaded;
  const settings = settingsOf(policy, request.account);
  const isChange = toChange !== undefined;
  const opened = await openTarget(
    request,
    {
      resources: ["table"],
      endpoints: { dynamodb: request.endpoint, directory: request.directoryEndpoint },
      isRecorded: isChange,
    },
    terminal,
  );
  if (opened.kind !== "opened") return opened;
  const { target } = opened;
  const mixed = isChange ? findMixedPlaces(request, settings.meant) : undefined;
  if (mixed !== undefined) return { kind: "misused", message: `${mixed}; nothing was done` };
  const { directory, close } = openAccounts(settings.all, request);
  const questions = openOperatorQuestions(settings.all, request);
  try {
    const used = await useLedger(target, isChange ? { toChange } : {}, async (ledger) => {
      if (isChange) await warnOfPauses(ledger, request.account, terminal);
      const accounts = settings.meant.map(({ id }) => id);
      return explained(() =>
        use({ target, policy, accounts, directory, administration: questions.administration, ledger }),
      );
    });
    return used.kind === "used" ? used.value : used;
  } finally {
    close();
    questions.close();
  }
}

function settingsOf(
  policy: Policy | undefined,
  named: string | undefined,
): { all: AccountSettings[]; meant: AccountSettings[] } {
  const all: AccountSettings[] = [...(policy?.accounts ?? [])];
  if (named === undefined) return { all, meant: all };
  const known = all.find(({ id }) => id === named);
  return known === undefined
    ? { all: [...all, { id: named }], meant: [{ id: named }] }
    : { all, meant: [known] };
}

/** The message where no account is meant. */
export const accountNeeded =
  "there is no policy.yml here, which names the accounts; name an account with --account, or a policy with --policy";

/** A ledger in AWS must not record what happened on this computer, nor the other way round. */
function findMixedPlaces(
  { endpoint, directoryEndpoint }: Pick<DirectoryRequest, "endpoint" | "directoryEndpoint">,
  accounts: readonly AccountSettings[],
): string | undefined {
  // A service that the policy describes has its address there.
  if (accounts.every(({ directory }) => directory !== undefined)) return undefined;
  const isLocal = (url: string | undefined) => url !== undefined && isLoopback(url);
  if (isLocal(endpoint) === isLocal(directoryEndpoint)) return undefined;
  return `--endpoint and ${endpointFlags()} go together: the ledger that records a call is that of the same place`;
}

function endpointFlags(): string {
  return allKinds.flatMap(({ endpoint }) => (endpoint === undefined ? [] : [endpoint.flag])).join(" or ");
}

/** An operator's own call passes the emergency stop: somebody who made it should know. */
async function warnOfPauses(
  { pauses }: Pick<OpenLedger, "pauses">,
  account: string | undefined,
  terminal: Terminal,
): Promise<void> {
  for (const pause of await pauses.list()) {
    if (pause.account !== undefined && account !== undefined && pause.account !== account) continue;
    const what = pause.account ?? "everything";
    writeWarning(
      terminal,
      `${what} is paused by ${pause.by} (${pause.note}); a call by hand is made all the same.`,
    );
  }
}

/** Runs it, and turns a failure of a directory into one of the command. */
async function explained(run: () => Promise<CommandResult>): Promise<CommandResult> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return toCommandFailure(error.failure);
  }
}

/** A failed call in words, with what to do about it. */
export function toCommandFailure(
  failure: Pick<Failure, "code" | "message"> & Partial<Failure>,
): CommandFailure {
  const { code, next } = adviceOf(failure);
  const request = failure.requestId === undefined ? "" : ` (request ${failure.requestId})`;
  return {
    kind: "failed",
    ...(code !== undefined && { code }),
    message: `the directory did not do it: ${failure.code}: ${failure.message}${request}; ${next}`,
    next,
  };
}

function adviceOf({ class: kind, code }: Pick<Failure, "code"> & Partial<Failure>): {
  code?: ErrorCode;
  next: string;
} {
  if (/^CredentialsProviderError$/.test(code))
    return { code: "noCredentials", next: "sign in, or set AWS_PROFILE" };
  if (/Unauthorized|Token|Unrecognized/.test(code))
    return { code: "credentialsRefused", next: "sign in again, or check AWS_PROFILE" };
  if (/Forbidden|AccessDenied/.test(code))
    return { code: "accessDenied", next: `check the permissions, such as ${readingPermissions()}` };
  if (/NotFound|UnknownAccount/.test(code) || kind === "noSuchUser")
    return { code: "notFound", next: "check the ids: rollcall account list shows the accounts" };
  if (kind === "throttled" || /Throttl|TooManyRequests/.test(code))
    return { code: "throttled", next: "try again in a minute" };
  if (kind === "transient" || /^E(?!RR_)[A-Z_]+$|Timeout/.test(code))
    return { code: "unreachable", next: "try again in a minute, or check the network" };
  return { next: "docs/operations.md says what each command needs" };
}

function readingPermissions(): string {
  return allKinds.flatMap(readingActions).join(" and ");
}
