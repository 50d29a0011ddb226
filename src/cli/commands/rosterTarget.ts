import type { PlanPorts } from "../../operations/reconcileRoster.ts";
import { countOf } from "../../operations/words/plainWords.ts";
import type { Policy } from "../../policy/policy.ts";
import { personQualifier } from "../../policy/policyRules.ts";
import type { RosterDirectory } from "../../reconcile/rosterPorts.ts";
import type { Pause } from "../../safeguard/pauses.ts";
import type { CommandFailure } from "../commandResult.ts";
import { useLedger, withAddresses } from "../composition.ts";
import { openTarget } from "../openTarget.ts";
import type { DirectoryOptions, TargetOptions } from "../options.ts";
import type { Target } from "../target.ts";
import type { ResourceName } from "../targetNames.ts";
import { statusLine, type Terminal, writeWarning } from "../terminal.ts";
import { readAccounts } from "./directory/openAccounts.ts";

/** Where a plan is made, the accounts whose latch is closed, with the moment at which it closed, and the pauses in force. */
export interface PlanTarget {
  kind: "found";
  target?: Target;
  /** Left out where the ledger was not asked, or did not answer. */
  closedLatches?: ReadonlyMap<string, number>;
  pauses?: readonly Pause[];
}

/** A plan that asks nobody but the directory. */
export const withoutLedger: PlanTarget = { kind: "found" };

export interface FoundTarget extends PlanTarget {
  target: Target;
}

interface RosterEndpoints extends DirectoryOptions {
  tableEndpoint?: string;
  /** EventBridge's. */
  endpoint?: string;
}

/** A plan is a plan without the ledger too: that the latches are not known is told, and does not end it. */
export async function findTarget(
  { directoryEndpoint, ssmEndpoint: _, tableEndpoint, endpoint, ...options }: TargetOptions & RosterEndpoints,
  resources: readonly ResourceName[],
  terminal: Terminal,
): Promise<FoundTarget | CommandFailure> {
  const endpoints = { directory: directoryEndpoint, dynamodb: tableEndpoint, eventBridge: endpoint };
  const opened = await openTarget(options, { resources, endpoints }, terminal);
  if (opened.kind !== "opened") return opened;
  const { target } = opened;
  // A directory on this computer has nothing to do with a ledger in AWS.
  const isElsewhere = Object.keys(target.endpoints).length > 0 && tableEndpoint === undefined;
  if (isElsewhere) return { kind: "found", target };
  const reading = await useLedger(target, {}, ({ safeguard, pauses }) =>
    Promise.all([safeguard.list(), pauses.list()]),
  );
  if (reading.kind !== "used") {
    writeWarning(
      terminal,
      `The ledger does not say which latches are closed and what is paused: ${reading.message}.`,
    );
    return { kind: "found", target };
  }
  const [accounts, pauses] = reading.value;
  const closed = accounts.flatMap(({ accountId, state }) =>
    state.latch === undefined ? [] : [[accountId, state.latch.closedAt] as const],
  );
  return { kind: "found", target, closedLatches: new Map(closed), pauses };
}

/**
 * Opens the ports of a plan, passes them to `use`, and closes them again. The directory is read with a count on the terminal meanwhile.
 * The ledger is asked for addresses only where it has answered before.
 */
export function withPlanPorts<T>(
  options: RosterEndpoints,
  { policy }: { policy: Policy },
  { target, closedLatches, pauses }: PlanTarget,
  terminal: Terminal,
  use: (ports: Omit<PlanPorts, "memory">) => Promise<T>,
): Promise<T> {
  const status = statusLine(terminal.stderr, Date.now);
  let users = 0;
  const onUsers = (count: number) => {
    users += count;
    status.show(`reading the directory: ${countOf(users, "user")}`);
  };
  const readThem: RosterDirectory["readAccounts"] = (ids) =>
    readAccounts(
      policy.accounts.filter(({ id }) => ids.includes(id)),
      options,
      onUsers,
    ).finally(() => status.clear());
  const ports = {
    now: Date.now,
    directory: { readAccounts: readThem },
    ...(closedLatches !== undefined && { closedLatches }),
    ...(pauses !== undefined && { pauses }),
  };
  if (target === undefined || closedLatches === undefined) return use(ports);
  const onFault = (message: string) =>
    writeWarning(terminal, `The ledger does not say under which addresses it knows people: ${message}.`);
  return withAddresses(target, { qualifyPerson: personQualifier(policy), onFault }, (addresses) =>
    use({ ...ports, addresses }),
  );
}
