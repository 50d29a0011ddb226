import * as z from "zod";
import type { LoggedCall } from "../../chime/callLog.ts";
import type { Fault } from "../../chime/fault.ts";

/** Something that happened to a user at Chime, whether or not its caller was told. */
export interface Effect {
  accountId: string;
  /** Lower-case. */
  address: string;
  /** A session is what nobody decides about: it ends with a suspension. */
  aspect: "access" | "license" | "session";
  /** As in a decision: `in`, `out`, or the name of a license; `ended` for a session. */
  result: string;
  /** An invitation was mailed. */
  isMail: boolean;
  requestId: string;
  /** Milliseconds since the epoch; the effect came no earlier than that. */
  at: number;
}

/** Calls in, with the faults that struck them by sequence number; what came of them user by user out, in their order. */
export function effects(
  calls: readonly LoggedCall[],
  faults: ReadonlyMap<number, { fault: Fault }>,
): Effect[] {
  return calls.flatMap((call) =>
    call.tookEffect ? ofCall(call, faults.get(call.sequence)?.fault ?? {}) : [],
  );
}

function ofCall(call: LoggedCall, { users: fates = [], delayMilliseconds = 0 }: Fault): Effect[] {
  const spared = new Set(fates.filter(({ takesEffect }) => !takesEffect).map(({ sent }) => sent));
  const mailed = new Set(call.mailedTo);
  return call.users.flatMap(({ sent, id, email }, index) => {
    const result = resultFor(call, index);
    const isKnown = id !== undefined || mailed.has(sent);
    if (result === undefined || !isKnown || spared.has(sent)) return [];
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
