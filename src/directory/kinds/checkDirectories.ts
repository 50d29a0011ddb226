import { afterSuspensionFinder } from "../../policy/afterSuspension.ts";
import { type PolicyProblem, pathText } from "../../policy/checkPolicy.ts";
import { isLoopbackUrl } from "../../policy/directorySettings.ts";
import type { Policy, PolicyAccount } from "../../policy/policy.ts";
import { answerOf } from "../directory.ts";
import type { AccountType } from "../directoryKind.ts";
import { accountTypesFinder } from "./directoryKinds.ts";

/**
 * Finds what a valid policy asks of a directory that cannot do it, and a directory that deletes without consent. A policy with such
 * a problem is not packaged. A cold start does not look again: what is known of the services is no part of the functions.
 *
 * @param isEmbedded whether it is the policy of a stack on this computer, whose addresses need no encryption
 */
export function findDirectoryProblems(policy: Policy, { isEmbedded = false } = {}): PolicyProblem[] {
  const find = accountTypesFinder(policy.accounts);
  const problems = policy.accounts.flatMap((account, index) => {
    const checked: CheckedAccount = { account, types: find(account.id), policy };
    const checks = [consent, licenses, actions, ...(isEmbedded ? [] : [address])];
    return checks.flatMap((check) =>
      check(checked).map(({ path, message }) => ({ path: ["accounts", index, ...path], message })),
    );
  });
  return [...problems, ...sharedAddresses(policy.accounts), ...actionsOfNobody(policy, find)];
}

/** Throws an error that names the file and every field of a policy whose directories cannot do what it asks. */
export function checkDirectories(file: string, policy: Policy): void {
  const lines = findDirectoryProblems(policy).map(({ path, message }) => `  ${pathText(path)}: ${message}`);
  if (lines.length > 0)
    throw new Error(`${file} asks for what its directories cannot do:\n${lines.join("\n")}`);
}

interface CheckedAccount {
  account: PolicyAccount;
  /** What the account may be, of which its directory decides. */
  types: readonly AccountType[];
  policy: Policy;
}

function nameOf({ account, types }: CheckedAccount): string {
  const [only, other] = types;
  return only !== undefined && other === undefined ? only.type : `the directory of ${account.id}`;
}

function consent(checked: CheckedAccount): PolicyProblem[] {
  const { account, types } = checked;
  const deletes = types.some(({ suspension }) => suspension === "deletes");
  if (deletes && account.suspension === undefined) {
    const message = `${nameOf(checked)} deletes the users whom it suspends, and whoever returns is a new user; write \`suspension: deletes\` here if that is wanted`;
    return [{ path: ["suspension"], message }];
  }
  if (deletes || account.suspension === undefined) return [];
  const message = `${nameOf(checked)} keeps the users whom it suspends; leave this out`;
  return [{ path: ["suspension"], message }];
}

/** Where no account of the type takes a license, each one would end as a dead letter. */
function licenses(checked: CheckedAccount): PolicyProblem[] {
  const { account, types, policy } = checked;
  const { license } = afterSuspensionFinder(policy)(account.id);
  const place = account.afterSuspension?.license ? ["afterSuspension", "license"] : ["afterSuspension"];
  if (types.every((type) => answerOf(type, "relicense", "active").kind === "reject")) {
    const message = `${nameOf(checked)} has no licenses; leave this out`;
    return [
      ...(Object.keys(account.licensePerRole).length > 0 ? [{ path: ["licensePerRole"], message }] : []),
      ...(account.defaultLicense !== undefined ? [{ path: ["defaultLicense"], message }] : []),
      ...(license !== undefined
        ? [{ path: place, message: withoutLicense(checked, "has no licenses") }]
        : []),
    ];
  }
  return license !== undefined && types.some(({ suspension }) => suspension === "deletes")
    ? [{ path: place, message: withoutLicense(checked, "deletes the users whom it suspends") }]
    : [];
}

function withoutLicense(checked: CheckedAccount, because: string): string {
  return `${nameOf(checked)} ${because}, so leavers can be left with none; write \`afterSuspension: { license: false }\` for this account`;
}

const actionNames = ["signOut", "resetPin"] as const;

/** What the account itself asks for; what the whole policy does, the other accounts may have. */
function actions(checked: CheckedAccount): PolicyProblem[] {
  const { account, types } = checked;
  return actionNames
    .filter((action) => account.afterSuspension?.[action] === true && !offers(types, action))
    .map((action) => ({
      path: ["afterSuspension", action],
      message: `${nameOf(checked)} has no such call; leave this out`,
    }));
}

function actionsOfNobody(
  { afterSuspension, accounts }: Policy,
  find: ReturnType<typeof accountTypesFinder>,
): PolicyProblem[] {
  return actionNames
    .filter((action) => afterSuspension?.[action] === true)
    .filter((action) => !accounts.some(({ id }) => offers(find(id), action)))
    .map((action) => ({
      path: ["afterSuspension", action],
      message: "no account's directory has such a call; leave this out",
    }));
}

function offers(types: readonly AccountType[], action: (typeof actionNames)[number]): boolean {
  return types.some(({ postSuspensionActions }) => postSuspensionActions.includes(action));
}

function address({ account: { directory } }: CheckedAccount): PolicyProblem[] {
  if (directory === undefined) return [];
  const message =
    "is an address of this machine without encryption, which only the embedded stack may use; it must begin with https://";
  return [
    { path: ["directory", "baseUrl"], url: directory.baseUrl },
    { path: ["directory", "oauth", "tokenUrl"], url: directory.oauth?.tokenUrl ?? "" },
  ].flatMap(({ path, url }) => (isLoopbackUrl(url) ? [{ path, message }] : []));
}

/** Two accounts of one service would each have half of its rate, and look for the same people in it. */
function sharedAddresses(accounts: readonly PolicyAccount[]): PolicyProblem[] {
  return accounts.flatMap(({ directory }, index) => {
    const first = accounts.findIndex((other) => other.directory?.baseUrl === directory?.baseUrl);
    const owner = accounts[first];
    if (directory === undefined || owner === undefined || first >= index) return [];
    const message = `is the address of account ${owner.id} already; name the domains of both in one account`;
    return [{ path: ["accounts", index, "directory", "baseUrl"], message }];
  });
}
