import { type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import type { LoggedCall } from "@rollcall/chime-simulator/callLog";
import type { DirectoryAccess } from "@rollcall/chime-simulator/directoryAccess";
import type { Fault } from "@rollcall/chime-simulator/scriptedFault";
import * as z from "zod";
import type { RunPerson } from "../population.ts";

/** A change of a user at Chime, whether or not its caller received a response. */
export interface Effect {
  accountId: string;
  /** Lower-case. */
  address: string;
  /** No decision is about a session or a PIN alone: both end with a suspension. */
  aspect: "access" | "license" | "session" | "pin";
  /** As in a decision: `in`, `out` or the name of a license; `ended` for a session, `replaced` for a PIN. */
  result: string;
  /** Whether an invitation was mailed. */
  isMail: boolean;
  requestId: string;
  /** Milliseconds since the epoch. The effect came no earlier. */
  at: number;
}

/**
 * Lists the effects of calls on each user, in the order of the calls.
 *
 * @param faults by the call's sequence number
 */
export function effects(
  calls: readonly LoggedCall[],
  faults: ReadonlyMap<number, { fault: Fault }>,
): Effect[] {
  return calls.flatMap((call) =>
    call.tookEffect ? effectsOfCall(call, faults.get(call.sequence)?.fault ?? {}) : [],
  );
}

function effectsOfCall(call: LoggedCall, { users: userFaults = [], delayMilliseconds = 0 }: Fault): Effect[] {
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
): Pick<Effect, "aspect" | "result"> | undefined {
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

/** The journal's entry of one event. */
export interface JournalRecord {
  outcome: string;
  code: string | undefined;
  requestId: string | undefined;
  /** When the outcome was known. Milliseconds since the epoch. */
  recordedAt: number;
}

export interface JournalTable {
  /** By the event's id. */
  entries: Map<string, JournalRecord>;
  /** How many decisions still wait. */
  waiting: number;
}

/** Reads the ledger's tables by the keys of their items, without the ledger's own code. */
export async function readJournalTable(
  client: DynamoDBClient,
  tableNames: readonly string[],
): Promise<JournalTable> {
  const table: JournalTable = { entries: new Map(), waiting: 0 };
  for (const TableName of tableNames) {
    for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
      for (const { sk, eventId, outcome, code, requestId, settledAt } of Items) {
        const kind = sk?.S?.split("#")[0];
        if (kind === "pending") table.waiting += 1;
        if (kind !== "event" || eventId?.S === undefined) continue;
        table.entries.set(eventId.S, {
          outcome: outcome?.S ?? "",
          code: code?.S,
          requestId: requestId?.S,
          recordedAt: Date.parse(settledAt?.S ?? ""),
        });
      }
    }
  }
  return table;
}

/** The state of a person in the directory, in the terms of a decision: `in`, `out` or `absent`; the name of a license. */
export type DirectoryState = Record<"access" | "license", string>;

/** Reads the current state of all people, by their id in HR. */
export function readDirectoryStates(
  directory: DirectoryAccess,
  people: readonly RunPerson[],
): Map<string, DirectoryState> {
  return new Map(people.map((person) => [person.personId, readState(directory, person)]));
}

function readState(directory: DirectoryAccess, { accountId, email }: RunPerson): DirectoryState {
  const user = directory.user(accountId, email);
  if (user === undefined) return { access: "absent", license: "absent" };
  const { registration, invitation, license } = user;
  const isInvited = registration === "Unregistered" && invitation === "Pending";
  if (registration === "Suspended") return { access: "out", license };
  return { access: registration === "Registered" || isInvited ? "in" : "unregistered", license };
}
