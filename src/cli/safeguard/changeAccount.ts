import { dynamoSafeguardStore } from "../../safeguard/dynamo/dynamoSafeguardStore.ts";
import { initialState, type SafeguardState, type SafeguardStore } from "../../safeguard/safeguardState.ts";
import type { CommandEnd } from "../commandEnd.ts";
import { changeLedger } from "../ledger/changeLedger.ts";
import { type Signature, unsigned } from "../signature.ts";
import { loadPolicy } from "./loadPolicy.ts";
import type { SafeguardOptions } from "./safeguardOptions.ts";
import { unknownAccount } from "./unknownAccount.ts";

/** A change to one account's safeguard, in somebody's name. */
export interface AccountRequest extends SafeguardOptions, Signature {
  account: string;
}

export interface ChangingAccount {
  store: SafeguardStore;
  /** As it is before the change. */
  state: SafeguardState;
  signed: { by: string; note: string };
}

const permissions = "dynamodb:Query, GetItem and PutItem on the table";

/** Lets `change` change the account's safeguard, if there is such an account: a mistyped one would be changed unseen. */
export async function changeAccount(
  request: AccountRequest,
  change: (account: ChangingAccount) => Promise<CommandEnd>,
): Promise<CommandEnd> {
  const { account, by, because: note, table } = request;
  if (by === undefined) return { kind: "misused", message: `${unsigned}; nothing was changed` };
  const loaded = loadPolicy(request.policy);
  if (loaded.kind !== "loaded") return loaded;
  return changeLedger(request, permissions, async (ledger) => {
    const store = dynamoSafeguardStore(ledger);
    const states = new Map((await store.list()).map(({ accountId, state }) => [accountId, state]));
    const ofPolicy = loaded.policy?.accounts.map(({ id }) => id) ?? [];
    const known = [...new Set([...ofPolicy, ...states.keys()])].toSorted();
    if (!known.includes(account))
      return { kind: "failed", message: `${unknownAccount(account, { table, known })}; nothing was changed` };
    return change({ store, state: states.get(account) ?? initialState, signed: { by, note } });
  });
}
