import { type ChimeSimulator, startChimeSimulator } from "@rollcall/chime-simulator";
import type { LoggedCall } from "@rollcall/chime-simulator/callLog";
import type { DirectoryAccess } from "@rollcall/chime-simulator/directoryAccess";
import type { Fault } from "@rollcall/chime-simulator/scriptedFault";
import type { PopulatedAccount } from "@rollcall/chime-simulator/seedDirectory";
import type { Seed } from "@rollcall/simulated-service/seededDraws";
import * as z from "zod";
import { type ChimeFaults, chimeFaults, permanentCode, poisonOf } from "./chimeFaults.ts";
import type {
  ChangeKind,
  DirectoryChange,
  DirectoryUserNow,
  InjectedFaults,
  InvitingCall,
  SimulatedDirectory,
} from "./simulatedDirectory.ts";

type Account = ReturnType<DirectoryAccess["account"]>;
type User = ReturnType<DirectoryAccess["users"]>[number];

export interface SimulatedChimeOptions {
  accounts: readonly PopulatedAccount[];
  seed?: Seed;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** Starts the simulator of Amazon Chime, as a directory of a run. */
export async function startSimulatedChime(options: SimulatedChimeOptions): Promise<SimulatedDirectory> {
  return simulatedChime(await startChimeSimulator(options));
}

/** A running simulator of Amazon Chime, as a directory of a run. */
export function simulatedChime(chime: ChimeSimulator): SimulatedDirectory {
  const { directory, calls } = chime;
  let injected: ChimeFaults["injected"] = new Map();
  return {
    name: "Amazon Chime",
    environment: { AWS_ENDPOINT_URL_CHIME: chime.url },
    accounts: directory.accounts().map(({ id, type }) => ({ accountId: id, type })),
    users: (accountId) => directory.users(accountId).map(toUserNow),
    user: (accountId, address) => {
      const user = directory.user(accountId, address);
      return user === undefined ? undefined : toUserNow(user);
    },
    changes: () => changesOf(calls.list(), injected),
    invitations: () => invitingCalls(calls.list(), injected),
    calls: () => calls.summary(),
    injectFaults: (seed, onCall) => {
      const faults = chimeFaults(seed, ({ operation }) => {
        const change = changeOf[operation];
        onCall(change === undefined ? {} : { change });
      });
      injected = faults.injected;
      chime.faults.add(faults.plan);
      const typeOf = (accountId: string) => directory.account(accountId).type;
      return describeFaults(seed, injected, { calls: () => calls.list(), typeOf });
    },
    close: chime.close,
  };
}

function toUserNow({ email, registration, invitation, license }: User): DirectoryUserNow {
  const address = email.toLowerCase();
  switch (registration) {
    case "Registered":
      return { address, state: "registered", license };
    case "Suspended":
      return { address, state: "suspended", license };
    case "Unregistered":
      return { address, state: invitation === "Pending" ? "invited" : "unregistered", license };
  }
}

const changeOf: Readonly<Record<string, ChangeKind>> = {
  InviteUsers: "letIn",
  BatchUnsuspendUser: "letIn",
  BatchSuspendUser: "suspend",
  BatchUpdateUser: "license",
};

function operationFor(change: ChangeKind, type: Account["type"]): string {
  switch (change) {
    case "letIn":
      return type === "Team" ? "InviteUsers" : "BatchUnsuspendUser";
    case "suspend":
      return "BatchSuspendUser";
    case "license":
      return "BatchUpdateUser";
  }
}

interface FaultEvidence {
  calls: () => readonly LoggedCall[];
  typeOf: (accountId: string) => Account["type"];
}

function describeFaults(
  seed: Seed,
  injected: ChimeFaults["injected"],
  { calls, typeOf }: FaultEvidence,
): InjectedFaults {
  return {
    counts: () => {
      const counts: Record<string, number> = {};
      for (const { fault } of injected.values())
        for (const name of nameOf(fault.call)) counts[name] = (counts[name] ?? 0) + 1;
      return counts;
    },
    lostAnswers: () => calls().filter(({ tookEffect, answered }) => tookEffect && !answered).length,
    refusalOf: (accountId, change, address) => {
      const operation = operationFor(change, typeOf(accountId));
      const code = permanentCode(seed, operation, address);
      // A failed invitation has no code of its own.
      return code !== undefined && operation === "InviteUsers" ? "InviteFailed" : code;
    },
    poisonOf: (address) => poisonOf(seed, address),
    poisonCodes: ["BadRequestException", "UnprocessableEntityException"],
    codesOfUnknownCause,
    liedAbout: () => false,
  };
}

/** Codes of unknown cause that a run can produce, named by Chime or by the service. */
const codesOfUnknownCause: readonly string[] = [
  "Conflict",
  "InviteFailed",
  "ConflictException",
  "ResourceLimitExceededException",
  "Teapot",
  "UnreadableAnswer",
  "UnattributableError",
];

/** The name of a fault of a whole call. */
function nameOf(fault: Fault["call"]): string[] {
  switch (fault?.kind) {
    case "exception":
      return [fault.errorType];
    case "reset":
      return [fault.takesEffect ? "answerLost" : "cutOff"];
    case "body":
      return ["unreadableAnswer"];
    case "userErrors":
      return ["strangerBlamed"];
    case undefined:
      return [];
  }
}

type FaultsByCall = ReadonlyMap<number, { fault: Fault }>;

/**
 * Lists the changes that calls made of each user, in the order of the calls.
 *
 * @param faults by the call's sequence number
 */
export function changesOf(calls: readonly LoggedCall[], faults: FaultsByCall): DirectoryChange[] {
  return calls.flatMap((call) =>
    call.tookEffect ? changesOfCall(call, faults.get(call.sequence)?.fault ?? {}) : [],
  );
}

function changesOfCall(
  call: LoggedCall,
  { users: userFaults = [], delayMilliseconds = 0 }: Fault,
): DirectoryChange[] {
  const unchanged = new Set(userFaults.filter(({ takesEffect }) => !takesEffect).map(({ sent }) => sent));
  const mailed = new Set(call.mailedTo);
  return call.users.flatMap(({ sent, id, email }, index) => {
    const result = resultFor(call, index);
    const isKnown = id !== undefined || mailed.has(sent);
    if (result === undefined || !isKnown || unchanged.has(sent)) return [];
    return {
      accountId: call.accountId ?? "",
      address: (email ?? sent).toLowerCase(),
      ...result,
      isMail: mailed.has(sent),
      requestId: call.requestId,
      at: call.at + delayMilliseconds,
    };
  });
}

function resultFor(
  { operation, body }: LoggedCall,
  index: number,
): Pick<DirectoryChange, "aspect" | "result"> | undefined {
  switch (operation) {
    case "BatchSuspendUser":
      return { aspect: "access", result: "out" };
    case "BatchUnsuspendUser":
    case "InviteUsers":
      return { aspect: "access", result: "in" };
    case "LogoutUser":
      return { aspect: "session", result: "ended" };
    case "ResetPersonalPIN":
      return { aspect: "pin", result: "replaced" };
    case "BatchUpdateUser": {
      const license = licenseAt(body, index);
      return license === undefined ? undefined : { aspect: "license", result: license };
    }
    default:
      return undefined;
  }
}

const updateBody = z.object({ UpdateUserRequestItems: z.array(z.object({ LicenseType: z.string() })) });

function licenseAt(body: unknown, index: number): string | undefined {
  return updateBody.safeParse(body).data?.UpdateUserRequestItems[index]?.LicenseType;
}

/** Lists the calls that mailed invitations. @param faults by the call's sequence number */
export function invitingCalls(calls: readonly LoggedCall[], faults: FaultsByCall): InvitingCall[] {
  return calls.flatMap(({ operation, sequence, requestId, at, mailedTo, answered }) => {
    if (operation !== "InviteUsers" || mailedTo.length === 0) return [];
    const isAnswered = answered && !isUnreadable(faults.get(sequence)?.fault.call);
    return { requestId, at, mails: mailedTo.length, isAnswered };
  });
}

/** Whether the response was lost or is unreadable. */
function isUnreadable(fault: Fault["call"]): boolean {
  return fault?.kind === "reset" || fault?.kind === "body";
}
