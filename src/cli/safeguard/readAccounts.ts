import { dynamoHeldDecisions } from "../../ledger/dynamo/dynamoHeldDecisions.ts";
import type { LedgerTable } from "../../ledger/dynamo/ledgerTable.ts";
import type { Policy } from "../../policy/policy.ts";
import { limitsFinder } from "../../policy/suspensionLimits.ts";
import { dynamoSafeguardStore } from "../../safeguard/dynamo/dynamoSafeguardStore.ts";
import { initialState } from "../../safeguard/safeguardState.ts";
import { chooseHeld } from "../held/chooseHeld.ts";
import { countHeld } from "../held/countHeld.ts";
import type { KnownAccount } from "./toSafeguardReport.ts";

/**
 * Every account that the policy names, that the safeguard remembers or that somebody is held of, by their ids. Throws
 * what the store throws.
 */
export async function readAccounts(table: LedgerTable, policy: Policy | undefined): Promise<KnownAccount[]> {
  const remembered = await dynamoSafeguardStore(table).list();
  const states = new Map(remembered.map(({ accountId, state }) => [accountId, state]));
  const decisions = await chooseHeld(dynamoHeldDecisions(table), {}, Date.now());
  const held = new Map(countHeld(decisions, (text) => text).map((count) => [count.accountId, count]));
  const ids = new Set([...(policy?.accounts.map(({ id }) => id) ?? []), ...states.keys(), ...held.keys()]);
  const limitsOf = policy === undefined ? undefined : limitsFinder(policy);
  return [...ids].toSorted().map((accountId) => ({
    accountId,
    state: states.get(accountId) ?? initialState,
    limits: limitsOf === undefined ? "unknown" : (limitsOf(accountId) ?? "off"),
    held: held.get(accountId),
  }));
}
