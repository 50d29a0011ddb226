import { type ScimSimulator, startScimSimulator } from "@rollcall/scim-simulator";
import type { ReceivedCall } from "@rollcall/scim-simulator/scimCallLog";
import type { Fault } from "@rollcall/scim-simulator/scimFaults";
import type { PopulatedTenant } from "@rollcall/scim-simulator/seedTenants";
import type { DirectoryAccess } from "@rollcall/scim-simulator/tenantAccess";
import type { Seed } from "@rollcall/simulated-service/seededDraws";
import { refusedStatus, type ScimLies, scimFaults } from "./scimFaults.ts";
import type {
  ArrivedCall,
  ChangeKind,
  DirectoryChange,
  DirectoryUserNow,
  InjectedFaults,
  SimulatedDirectory,
} from "./simulatedDirectory.ts";

type Effect = ReturnType<DirectoryAccess["effects"]>[number];
type Attributes = NonNullable<Effect["after"]>;

/** An account of the policy at a SCIM target. */
interface ScimAccount {
  accountId: string;
  tenant: PopulatedTenant;
  /** The attribute whose text is the license, such as `userType`. */
  licenseAttribute: string;
  /** What it answers untruly, once faults are injected. */
  lies?: ScimLies;
}

export interface SimulatedScimOptions {
  /** Of 127.0.0.1. Default: a free one. */
  port?: number;
  accounts: readonly ScimAccount[];
  seed?: Seed;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

/** A simulated SCIM target, and the address of each account for the policy. */
export interface SimulatedScim extends SimulatedDirectory {
  baseUrlOf(accountId: string): string;
}

/** Starts the simulator of SCIM targets, as a directory of a run. Nobody is mailed, and no session or PIN is known there. */
export async function startSimulatedScim({
  accounts,
  ...options
}: SimulatedScimOptions): Promise<SimulatedScim> {
  const scim = await startScimSimulator({ ...options, tenants: accounts.map(({ tenant }) => tenant) });
  const { directory, calls } = scim;
  const accountWith = (accountId: string) => {
    const found = accounts.find((account) => account.accountId === accountId);
    if (found === undefined) throw new Error(`expected an account at a SCIM target, got ${accountId}`);
    return found;
  };
  const toUser = ({ licenseAttribute }: ScimAccount, attributes: Attributes): DirectoryUserNow => ({
    address: addressIn(attributes),
    state: attributes.active === false ? "suspended" : "registered",
    license: textIn(attributes, licenseAttribute),
  });
  return {
    name: "SCIM targets",
    environment: {},
    baseUrlOf: (accountId) => `${scim.url}${accountWith(accountId).tenant.basePath}`,
    accounts: accounts.map(({ accountId }) => ({ accountId, type: "SCIM" })),
    users: (accountId) => {
      const account = accountWith(accountId);
      return directory.users(account.tenant.basePath).map(({ attributes }) => toUser(account, attributes));
    },
    user: (accountId, address) => {
      const account = accountWith(accountId);
      const user = directory.user(account.tenant.basePath, address.toLowerCase());
      return user === undefined ? undefined : toUser(account, user.attributes);
    },
    changes: () => directory.effects().flatMap((effect) => changesOfEffect(effect, accounts)),
    invitations: () => [],
    calls: () => {
      const counts: Record<string, { calls: number; users: number }> = {};
      for (const { operation, users } of calls.list()) {
        const { calls: made = 0, users: carried = 0 } = counts[operation] ?? {};
        counts[operation] = { calls: made + 1, users: carried + users.length };
      }
      return counts;
    },
    injectFaults: (seed, onCall) => injectFaults(scim, accounts, seed, onCall),
    close: scim.close,
  };
}

function addressIn({ userName, emails = [] }: Attributes): string {
  return (emails[0]?.value ?? userName).toLowerCase();
}

const noLicense = "none";

function textIn(attributes: Attributes, name: string): string {
  const value = attributes[name];
  return typeof value === "string" ? value : noLicense;
}

function changesOfEffect(
  { tenant, requestId, at, kind, before, after }: Effect,
  accounts: readonly ScimAccount[],
): DirectoryChange[] {
  const account = accounts.find((each) => each.tenant.basePath === tenant);
  const known = after ?? before;
  if (account === undefined || known === undefined) return [];
  const change = {
    accountId: account.accountId,
    address: addressIn(known),
    isMail: false,
    requestId,
    at,
  };
  const isIn = kind === "created" ? after?.active !== false : kind === "reinstated";
  const isOut = kind === "suspended" || kind === "deleted";
  const access: DirectoryChange[] =
    isIn || isOut ? [{ ...change, aspect: "access", result: isIn ? "in" : "out" }] : [];
  const [former, license] = [before, after].map(
    (attributes) => attributes && textIn(attributes, account.licenseAttribute),
  );
  // Whoever is created may have a license at once.
  const isOther = license !== (former ?? noLicense);
  const isLicensed = license !== undefined && isOther && (kind === "changed" || kind === "created");
  return isLicensed ? [...access, { ...change, aspect: "license", result: license }] : access;
}

function injectFaults(
  { directory, calls, faults: control }: ScimSimulator,
  accounts: readonly ScimAccount[],
  seed: Seed,
  onCall: (call: ArrivedCall) => void,
): InjectedFaults {
  const addressOf = ({ sent, id }: { sent: string; id?: string }, { tenant }: ReceivedCall) => {
    const user = tenant === undefined ? undefined : directory.user(tenant, id ?? sent);
    return user === undefined ? sent.toLowerCase() : addressIn(user.attributes);
  };
  const liesOf = ({ tenant }: ReceivedCall) =>
    accounts.find((account) => account.tenant.basePath === tenant)?.lies;
  const { plan, injected, lies } = scimFaults(seed, addressOf, liesOf, (call) => onCall(arrivedOf(call)));
  control.add(plan);
  return {
    counts: () => {
      const counts: Record<string, number> = {};
      for (const fault of injected.values())
        for (const name of namesOf(fault)) counts[name] = (counts[name] ?? 0) + 1;
      return counts;
    },
    lostAnswers: () => calls.list().filter(({ tookEffect, answered }) => tookEffect && !answered).length,
    refusalOf: (_accountId, _change, address) => {
      const status = refusedStatus(seed, address);
      return status === undefined ? undefined : codeOfRefusal;
    },
    poisonOf: () => undefined,
    poisonCodes: [],
    codesOfUnknownCause: ["NotApplied", "UnreadableAnswer", "ServerError"],
    liedAbout: (requestId, address) => lies.get(requestId)?.has(address) === true,
  };
}

/** The code of a dead letter after a 400. */
const codeOfRefusal = "BadRequest";

/** What a call changes, by what it carries: a bulk may hold several kinds, and its first tells. */
function arrivedOf({ operation, body }: ReceivedCall): ArrivedCall {
  const change = operation === "create" ? "letIn" : changeIn(JSON.stringify(body ?? ""));
  const isChange = ["create", "patch", "replace", "delete", "bulk"].includes(operation);
  return isChange && change !== undefined ? { change } : {};
}

function changeIn(body: string): ChangeKind | undefined {
  const active =
    /"active":"?(true|false)/i.exec(body)?.[1] ?? /"path":"active","value":"?(true|false)/i.exec(body)?.[1];
  if (active !== undefined) return active.toLowerCase() === "true" ? "letIn" : "suspend";
  return body === "" ? undefined : "license";
}

function namesOf({ call, users = [] }: Fault): string[] {
  const lies = users.flatMap(({ kind }) => (kind === "silent" ? ["lie"] : []));
  return [...namesOfCall(call), ...lies];
}

function namesOfCall(call: Fault["call"]): string[] {
  switch (call?.kind) {
    case "response":
      return [`Http${call.status}`];
    case "reset":
      return [call.takesEffect ? "answerLost" : "cutOff"];
    case undefined:
      return [];
  }
}
