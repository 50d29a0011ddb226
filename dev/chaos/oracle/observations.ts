import { type DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import type { LoggedCall } from "@rollcall/chime-simulator/callLog";
import type { DirectoryAccess } from "@rollcall/chime-simulator/directoryAccess";
import type { Fault } from "@rollcall/chime-simulator/scriptedFault";
import * as z from "zod";
import type { RunPerson } from "../population.ts";

/** An effect on a user at Chime, whether or not the caller was told. */
export interface Effect {
  accountId: string;
  /** Lower-case. */
  address: string;
  /** No decision is about a session: it ends with a suspension. */
  aspect: "access" | "license" | "session";
  /** As in a decision: `in`, `out` or the name of a license; `ended` for a session. */
  result: string;
  /** An invitation was mailed. */
  isMail: boolean;
  requestId: string;
  /** Milliseconds since the epoch. The effect came no earlier. */
  at: number;
}

/**
 * Lists the effects of calls, user by user and in their order. `faults` holds the calls' faults by sequence number.
 */
export function effects(
  calls: readonly LoggedCall[],
  faults: ReadonlyMap<number, { fault: Fault }>,
): Effect[] {
  return calls.flatMap((call) =>
    call.tookEffect ? ofCall(call, faults.get(call.sequence)?.fault ?? {}) : [],
  );
}

function ofCall(call: LoggedCall, { users: userFaults = [], delayMilliseconds = 0 }: Fault): Effect[] {
  const unaffected = new Set(userFaults.filter(({ takesEffect }) => !takesEffect).map(({ sent }) => sent));
  const mailed = new Set(call.mailedTo);
  return call.users.flatMap(({ sent, id, email }, index) => {
    const result = resultFor(call, index);
    const isKnown = id !== undefined || mailed.has(sent);
    if (result === undefined || !isKnown || unaffected.has(sent)) return [];
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

/** The ledger's journal entry of one event. */
export interface JournalRecord {
  outcome: string;
  code: string | undefined;
  requestId: string | undefined;
  /** Milliseconds since the epoch. */
  settledAt: number;
}

export interface JournalTable {
  /** By the event's id. */
  entries: Map<string, JournalRecord>;
  /** The number of decisions that wait to take effect. */
  waiting: number;
}

/** Reads the whole table by the keys of its items in DynamoDB. */
export async function readJournalTable(
  client: DynamoDBClient,
  tableNames: readonly string[],
): Promise<JournalTable> {
  const trail: JournalTable = { entries: new Map(), waiting: 0 };
  for (const TableName of tableNames) {
    for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
      for (const { sk, eventId, outcome, code, requestId, settledAt } of Items) {
        const kind = sk?.S?.split("#")[0];
        if (kind === "pending") trail.waiting += 1;
        if (kind !== "event" || eventId?.S === undefined) continue;
        trail.entries.set(eventId.S, {
          outcome: outcome?.S ?? "",
          code: code?.S,
          requestId: requestId?.S,
          settledAt: Date.parse(settledAt?.S ?? ""),
        });
      }
    }
  }
  return trail;
}

/**
 * What the directory shows of a person, in the terms of a decision: `in`, `out`, `absent`, or the name of a license.
 */
export type DirectoryState = Record<"access" | "license", string>;

/** Reads what the directory shows of all people now, by their id in HR. */
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
