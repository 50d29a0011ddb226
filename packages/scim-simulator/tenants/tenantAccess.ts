import { type NewUser, toAttributes } from "./seedTenants.ts";
import { type BehaviorChange, changeBehavior } from "./tenantBehavior.ts";
import {
  addUser,
  type Effect,
  findByAnyName,
  removeUser,
  replaceUser,
  type StoredUser,
  type TenantRecord,
  type TokenClient,
} from "./tenantState.ts";
import type { UserAttributes } from "./userSchema.ts";

/** Lets a test read and change the tenants without the API. The values that it returns never change later. */
export interface DirectoryAccess {
  /** The base paths. */
  tenants(): string[];
  /** Changes how a tenant behaves from now on. @throws if the tenant is unknown; so do all methods below. */
  changeBehavior(tenant: string, change: BehaviorChange): void;
  /** From now on only this token is valid. */
  replaceToken(tenant: string, token: string): void;
  /** None of the tokens that the tenant has issued is valid any more. */
  revokeTokens(tenant: string): void;
  /** From now on the token endpoint knows only this client. */
  replaceClient(tenant: string, client: TokenClient): void;
  /** In the order of arrival. */
  users(tenant: string): StoredUser[];
  /** @param name an id, a user name or an address */
  user(tenant: string, name: string): StoredUser | undefined;
  addUser(tenant: string, user: NewUser): StoredUser;
  /** @throws if the user is unknown. */
  changeUser(tenant: string, name: string, change: Partial<UserAttributes>): StoredUser;
  /** @throws if the user is unknown. */
  removeUser(tenant: string, name: string): void;
  /** The changes that calls made, in their order. Without a tenant those of all, in the order of the calls. */
  effects(tenant?: string): Effect[];
}

export function openDirectory(tenants: readonly TenantRecord[], now: () => number): DirectoryAccess {
  const record = (basePath: string) => expectTenant(tenants, basePath);
  return {
    tenants: () => tenants.map(({ basePath }) => basePath),
    changeBehavior: (tenant, change) => {
      const changed = record(tenant);
      changed.behavior = changeBehavior(changed.behavior, change);
    },
    replaceToken: (tenant, token) => {
      record(tenant).token = token;
    },
    revokeTokens: (tenant) => {
      const { issued } = record(tenant);
      for (const token of issued.keys()) issued.set(token, Number.NEGATIVE_INFINITY);
    },
    replaceClient: (tenant, client) => {
      record(tenant).oauth = client;
    },
    users: (tenant) => [...record(tenant).users.values()],
    user: (tenant, name) => findByAnyName(record(tenant), name),
    addUser: (tenant, { id, ...user }) => {
      const owner = record(tenant);
      return addUser(owner, toAttributes(user, owner), new Date(now()), id);
    },
    changeUser: (tenant, name, change) => {
      const user = expectUser(record(tenant), name);
      return replaceUser(record(tenant), user, { ...user.attributes, ...change }, new Date(now()));
    },
    removeUser: (tenant, name) => removeUser(record(tenant), expectUser(record(tenant), name)),
    effects: (tenant) =>
      (tenant === undefined ? tenants : [record(tenant)])
        .flatMap(({ effects }) => effects)
        .sort((one, other) => one.sequence - other.sequence),
  };
}

function expectTenant(tenants: readonly TenantRecord[], basePath: string): TenantRecord {
  const record = tenants.find((tenant) => tenant.basePath === basePath);
  if (record !== undefined) return record;
  const known = tenants.map((tenant) => tenant.basePath).join(", ");
  throw new Error(`Expected one of the tenants [${known}], got ${basePath}.`);
}

function expectUser(record: TenantRecord, name: string): StoredUser {
  const user = findByAnyName(record, name);
  if (user !== undefined) return user;
  throw new Error(
    `Expected an id, user name or address of a user of ${record.basePath}, got ${name}. Add the user first.`,
  );
}
