import type { AccountDetails, AccountFilter, Administration } from "../../directory/administration.ts";
import {
  type Directory,
  type DirectoryAccount,
  DirectoryError,
  isPerson,
} from "../../directory/directory.ts";
import type { OperatorAct, OperatorActs } from "../../ledger/operatorDecisions.ts";
import type { Policy } from "../../policy/policy.ts";
import { redactForDisplay } from "../displayText.ts";
import { type ActReport, toActReport } from "../inspectPerson.ts";
import { userBudget } from "./findUsers.ts";

/** An account as its directory describes it, and what the policy says of it. */
export interface AccountReport {
  accountId: string;
  name: string | null;
  type: string;
  active: boolean;
  facts: Record<string, string>;
  /** The domains whose people belong to it by the policy; `null` if the policy does not have the account, or none was read. */
  domains: string[] | null;
}

export interface AccountListReport {
  count: number;
  /** False: no policy was read, so that nothing is known of who belongs to an account. */
  hasPolicy: boolean;
  accounts: AccountReport[];
  /** Accounts of the policy that the credentials do not reach, where no filter leaves them out. */
  unreached: string[];
}

type ReadPolicy = Pick<Policy, "accounts"> | undefined;

/** Lists the accounts that the credentials reach, those of the policy first. Throws `DirectoryError`. */
export async function listAccounts(
  filter: AccountFilter,
  { administration, policy }: { administration: Pick<Administration, "listAccounts">; policy: ReadPolicy },
): Promise<AccountListReport> {
  const found = await administration.listAccounts(filter, userBudget);
  const isFiltered = filter.name !== undefined || filter.userEmail !== undefined;
  const reached = new Set(found.map(({ accountId }) => accountId));
  const accounts = found
    .map((account) => toAccountReport(account, policy))
    .toSorted((a, b) => Number(a.domains === null) - Number(b.domains === null));
  return {
    count: accounts.length,
    hasPolicy: policy !== undefined,
    accounts,
    unreached: isFiltered
      ? []
      : (policy?.accounts ?? []).map(({ id }) => id).filter((id) => !reached.has(id)),
  };
}

function toAccountReport(
  { accountId, name, type, active, facts }: AccountDetails,
  policy: ReadPolicy,
): AccountReport {
  const domains = policy?.accounts.find(({ id }) => id === accountId)?.domains ?? null;
  return { accountId, name: name ?? null, type, active, facts: { ...facts }, domains };
}

export interface AccountShowReport extends AccountReport {
  /** What provisioning can do there; `null` where its type is not known. */
  can: Pick<DirectoryAccount, "licenses" | "suspension" | "postSuspensionActions"> | null;
  /** How many people of the first page have each domain, the most first. */
  domainsSeen: { domain: string; people: number }[];
  /** What would stand in `policy.yml`; `null` where the policy has the account. */
  stub: string | null;
  /** What operators did to the account themselves, the newest first; `null` where the ledger was not read. */
  acts: ActReport[] | null;
}

const actsShown = 10;

export interface ShowAccountPorts {
  administration: Pick<Administration, "describeAccount">;
  directory: Pick<Directory, "getAccount" | "listUsers">;
  policy: ReadPolicy;
  /** It answers `undefined` where the ledger could not be read. */
  acts: { ofAccount: (...args: Parameters<OperatorActs["ofAccount"]>) => Promise<OperatorAct[] | undefined> };
}

/** Shows an account, in the policy or not. Throws `DirectoryError`, and what the ledger throws. */
export async function showAccount(accountId: string, ports: ShowAccountPorts): Promise<AccountShowReport> {
  const { administration, directory, policy } = ports;
  const details = await administration.describeAccount(accountId, userBudget);
  const report = toAccountReport(details, policy);
  const domainsSeen = await readDomains(accountId, directory);
  const acts = await ports.acts.ofAccount(accountId, actsShown);
  const redact = redactForDisplay();
  return {
    ...report,
    can: await readAbilities(accountId, directory),
    domainsSeen,
    stub: report.domains === null ? policyStub(details, domainsSeen) : null,
    acts: acts?.map((act) => toActReport(act, redact)) ?? null,
  };
}

async function readAbilities(
  accountId: string,
  directory: Pick<Directory, "getAccount">,
): Promise<AccountShowReport["can"]> {
  try {
    const { licenses, suspension, postSuspensionActions } = await directory.getAccount(accountId, userBudget);
    return { licenses, suspension, postSuspensionActions };
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return null;
  }
}

/** The first page tells enough: somebody reads it before it becomes a policy. An account that is suspended shows nobody. */
async function readDomains(
  accountId: string,
  directory: Pick<Directory, "listUsers">,
): Promise<AccountShowReport["domainsSeen"]> {
  const counts = new Map<string, number>();
  try {
    const { users } = await directory.listUsers(accountId, undefined, userBudget);
    for (const { email } of users.filter(isPerson)) {
      const domain = email.slice(email.lastIndexOf("@") + 1);
      if (domain !== "" && domain !== email) counts.set(domain, (counts.get(domain) ?? 0) + 1);
    }
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
  }
  return [...counts]
    .map(([domain, people]) => ({ domain, people }))
    .toSorted((a, b) => b.people - a.people || (a.domain < b.domain ? -1 : 1));
}

/** Most domains are the company's own, and one that few people have may be a partner's. So each is for somebody to judge. */
function policyStub(
  { accountId, name }: Pick<AccountDetails, "accountId" | "name">,
  domainsSeen: AccountShowReport["domainsSeen"],
): string {
  const quoted = (text: string) => JSON.stringify(text);
  const lines = domainsSeen.map(
    ({ domain, people }) =>
      `      - ${quoted(domain)} # ${people} of the first users; keep it if it is yours`,
  );
  return [
    "accounts:",
    `  - id: ${quoted(accountId)}${name === undefined ? "" : ` # ${name.replaceAll(/\s+/g, " ")}`}`,
    "    domains: # whoever has an address of these belongs to the account",
    ...(lines.length > 0 ? lines : ["      - example.com # the directory shows nobody: name yours"]),
    "    observe: true # a trial: nothing is called until this line is gone",
  ].join("\n");
}
