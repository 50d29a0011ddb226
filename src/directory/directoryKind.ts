import type { Intent } from "../pipelineSettings.ts";
import { answerOf, type DirectoryAccount, type Operation, type PostSuspensionAction } from "./directory.ts";

/** A kind of directory: what is known of it without asking it. */
export interface DirectoryKind {
  accountTypes: readonly AccountType[];
  /** Left out where AWS guards nothing. */
  permissions?: Permissions;
  /** How a command is told another endpoint than the service's own; left out where the policy has the address. */
  endpoint?: EndpointSetting;
}

/** What accounts of one type can do. */
export interface AccountType
  extends Pick<DirectoryAccount, "type" | "capabilities" | "postSuspensionActions" | "suspension"> {
  /** What the service calls each operation. */
  callNames: Readonly<Record<Operation, string>>;
}

/** The types that an account may be of. */
export type FindAccountTypes = (accountId: string) => readonly AccountType[];

/** The IAM actions by which AWS lets a function use the service. */
interface Permissions {
  getAccount: string;
  listUsers: string;
  perform: Readonly<Record<Operation, string>>;
}

interface EndpointSetting {
  service: string;
  /** The environment variable of the service's client. */
  variable: string;
  flag: string;
}

/** The operations by which accounts of a kind carry out an intent: those of each type, in the order of the types. */
function operationsOf({ accountTypes }: Pick<DirectoryKind, "accountTypes">, intent: Intent): Operation[] {
  const states = ["absent", "invited", "lapsed", "active", "suspended", "remembered"] as const;
  const operations = accountTypes.flatMap((type) =>
    states.flatMap((state) => {
      const answer = answerOf(type, intent, state);
      return answer.kind === "call" ? [answer.operation] : [];
    }),
  );
  return [...new Set(operations)];
}

/** The IAM actions of a pipeline: those of its intent's calls, of the look-ups, and of the actions after a suspension. */
export function pipelineActions(
  kind: DirectoryKind,
  intent: Intent,
  actions: readonly PostSuspensionAction[],
): string[] {
  if (kind.permissions === undefined) return [];
  const { getAccount, listUsers, perform } = kind.permissions;
  return [
    ...operationsOf(kind, intent).map((operation) => perform[operation]),
    listUsers,
    getAccount,
    ...(intent === "offboard" ? actions.map((operation) => perform[operation]) : []),
  ];
}

/** The IAM actions of whoever reads whole accounts and changes nothing. */
export function readingActions({ permissions }: DirectoryKind): string[] {
  return permissions === undefined ? [] : [permissions.getAccount, permissions.listUsers];
}
