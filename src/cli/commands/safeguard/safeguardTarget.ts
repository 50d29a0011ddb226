import type { ChangeSafeguardRequest, SafeguardPorts } from "../../../operations/operateSafeguard.ts";
import type { CommandResult } from "../../commandResult.ts";
import { type OpenLedger, withLedger } from "../../composition.ts";
import { loadPolicy } from "../../files.ts";
import { type AuditOptions, type LedgerOptions, operatorUnknown } from "../../options.ts";
import { actorOf } from "../../target.ts";
import type { Terminal } from "../../terminal.ts";

/** Where the safeguard's state is, and the policy that its limits come from. */
export interface SafeguardOptions extends LedgerOptions {
  /** Left out: `policy.yml` in the current folder, if there is one. */
  policy?: string;
}

/** A change to one account's safeguard, in somebody's name. */
export interface ChangeOptions extends SafeguardOptions, AuditOptions {
  account: string;
  yes?: boolean;
}

const permissions = "dynamodb:Query, GetItem and PutItem on the table";

/** Opens the ledger for a change in the operator's name, and passes both to `change`. */
export async function changeSafeguard(
  request: ChangeOptions,
  terminal: Terminal,
  change: (
    request: ChangeSafeguardRequest,
    ports: OpenLedger & SafeguardPorts,
  ) => Promise<CommandResult | { kind: "unknownAccount"; known: string[] }>,
): Promise<CommandResult> {
  const { account, because } = request;
  return withSafeguard(request, permissions, terminal, async (ports) => {
    const { target, table } = ports;
    const by = actorOf(request.by, target);
    if (by === undefined) return { kind: "misused", message: `${operatorUnknown}; nothing was changed` };
    const result = await change({ account, by, because }, ports);
    if (result.kind !== "unknownAccount") return result;
    const message = `${unknownAccount(account, table, result.known)}; nothing was changed`;
    return { kind: "failed", message };
  });
}

/** Reads the policy, opens the ledger, and passes both to `use`. */
export async function withSafeguard(
  request: SafeguardOptions,
  toChange: string | undefined,
  terminal: Terminal,
  use: (ports: OpenLedger & SafeguardPorts) => Promise<CommandResult>,
): Promise<CommandResult> {
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  const options = { ...request, ...(toChange !== undefined && { toChange }) };
  const used = await withLedger(options, terminal, (ledger) => use({ ...ledger, policy: loaded.policy }));
  return used.kind === "used" ? used.value : used;
}

/** The account may be mistyped. */
export function unknownAccount(account: string, table: string, known: readonly string[]): string {
  const others = known.length === 0 ? "They know of none" : `They know ${known.join(", ")}`;
  return `neither the policy nor the ledger ${table} knows an account ${account}. ${others}; name another policy with --policy, or another ledger with --stage or --table`;
}
