import {
  answerOf,
  type CallBudget,
  type Directory,
  type DirectoryAccount,
  DirectoryError,
  type DirectoryUser,
  isPerson,
  type Operation,
  type UserState,
} from "../../directory/directory.ts";
import { type Intent, pipelineNames } from "../../pipelineSettings.ts";

/** The directory, as far as nothing can be changed through it. */
type ReadableDirectory = Pick<Directory, "getAccount" | "listUsers" | "findUser">;

/** Whether a directory answers as provisioning needs it, and what it can do. */
export interface DirectoryInspection {
  accountId: string;
  /** The service's own word for the account's type; `null` where the account could not be read. */
  type: string | null;
  ok: boolean;
  steps: InspectionStep[];
  can: DirectoryAbilities | null;
}

/** One question to the directory, in the order in which they are asked. After one that fails, no other is. */
interface InspectionStep {
  step: "account" | "users" | "user";
  ok: boolean;
  /** For people; holds no address. */
  detail: string;
  /** The failure's code, where it is one. */
  code?: string;
}

export interface DirectoryAbilities {
  /** By intent, the operations that it may take; none where the account refuses it. */
  operations: Record<Intent, Operation[]>;
  /** How many people one call carries, by the operations that there are. */
  peoplePerCall: Partial<Record<Operation, number>>;
  suspension: DirectoryAccount["suspension"];
  /** The licenses that it takes; `unknown`: it does not say which. */
  licenses: DirectoryAccount["licenses"];
}

/** A step may need several requests; somebody waits for it. */
const budget: CallBudget = { milliseconds: 30_000 };

/** Asks the directory of each account what provisioning will ask, one after another, and changes nothing. */
export async function inspectDirectories(
  accountIds: readonly string[],
  directory: ReadableDirectory,
): Promise<DirectoryInspection[]> {
  const inspections: DirectoryInspection[] = [];
  for (const accountId of accountIds) inspections.push(await inspectDirectory(accountId, directory));
  return inspections;
}

async function inspectDirectory(
  accountId: string,
  directory: ReadableDirectory,
): Promise<DirectoryInspection> {
  const steps: InspectionStep[] = [];
  const account = await asked(steps, "account", () => directory.getAccount(accountId, budget), accountStep);
  const page =
    account &&
    (await asked(steps, "users", () => directory.listUsers(accountId, undefined, budget), usersStep));
  const person = page?.users.find((user) => isPerson(user) && user.email !== "");
  if (account !== undefined && person !== undefined)
    await asked(
      steps,
      "user",
      () => directory.findUser(accountId, { email: person.email }, budget),
      (found) => userStep(found, person, account),
    );
  return {
    accountId,
    type: account?.type ?? null,
    ok: steps.every(({ ok }) => ok),
    steps,
    can: account === undefined ? null : abilitiesOf(account),
  };
}

type Judged = Pick<InspectionStep, "ok" | "detail" | "code">;

/** Adds what became of a question; `undefined` for the answer to one that failed. */
async function asked<T>(
  steps: InspectionStep[],
  step: InspectionStep["step"],
  ask: () => Promise<T>,
  judge: (answer: T) => Judged,
): Promise<T | undefined> {
  try {
    const answer = await ask();
    const judged = judge(answer);
    steps.push({ step, ...judged });
    return judged.ok ? answer : undefined;
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    const { code, message } = error.failure;
    steps.push({ step, ok: false, detail: message, code });
    return undefined;
  }
}

function accountStep({ type, active }: DirectoryAccount): Judged {
  return active
    ? { ok: true, detail: `${type} answers` }
    : { ok: false, detail: `${type} keeps the account suspended, so no call would be made` };
}

function usersStep({ users, nextPageToken }: { users: readonly unknown[]; nextPageToken: unknown }): Judged {
  const count = users.length === 1 ? "1 user" : `${users.length} users`;
  const more = nextPageToken === undefined ? "and there are no others" : "and there are more";
  return { ok: true, detail: `the credentials are valid: the first page has ${count}, ${more}` };
}

function userStep(
  found: DirectoryUser | undefined,
  listed: DirectoryUser,
  account: DirectoryAccount,
): Judged {
  if (found?.userId === listed.userId && found.isStateUnknown)
    return account.hidesStates ? { ok: true, detail: believed } : { ok: false, detail: unproven };
  if (found?.userId === listed.userId)
    return { ok: true, detail: "a listed user is found by the address alone, and is the same" };
  const detail =
    found === undefined
      ? "a listed user is not found by the address: leavers whose id is not known would end as UserNotFound"
      : "a listed user's address finds another user: several have it";
  return { ok: false, detail };
}

const unproven =
  "a listed user is found, and nothing shows whether the user is active: a suspension cannot be checked, and would end as NotShown; write `showsActive: false` into the directory of the policy, if its word is to be believed";
const believed =
  "a listed user is found, and nothing shows whether the user is active: its suspensions are believed, and a roster takes everybody for active";

const states: readonly UserState[] = ["absent", "invited", "active", "suspended"];

function abilitiesOf(account: DirectoryAccount): DirectoryAbilities {
  const operationsOf = (intent: Intent) => [
    ...new Set(
      states.flatMap((state) => {
        const answer = answerOf(account, intent, state);
        return answer.kind === "call" ? [answer.operation] : [];
      }),
    ),
  ];
  const operations: DirectoryAbilities["operations"] = {
    onboard: operationsOf("onboard"),
    offboard: operationsOf("offboard"),
    reinstate: operationsOf("reinstate"),
    relicense: operationsOf("relicense"),
  };
  const known = new Set(pipelineNames.flatMap((intent) => operations[intent]));
  return {
    operations,
    peoplePerCall: Object.fromEntries([...known].map((operation) => [operation, account.limits[operation]])),
    suspension: account.suspension,
    licenses: account.licenses,
  };
}
