import { type Seed, seededUuid } from "@rollcall/simulated-service/seededDraws";
import {
  type BehaviorChange,
  changeBehavior,
  standardBehavior,
  type TenantBehavior,
} from "./tenantBehavior.ts";
import {
  type AttributeTypes,
  declareUserSchema,
  type SchemaExtension,
  type UserAttributes,
  type UserSchema,
} from "./userSchema.ts";

/** A user as the simulator stores it. It is never changed in place, so a test may keep what it read. */
export interface StoredUser {
  readonly id: string;
  readonly attributes: UserAttributes;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

/** A change of a user by a call, whether or not its caller was answered. */
export interface Effect {
  tenant: string;
  /** The call's number in the log, and the id that its answer carries. */
  sequence: number;
  requestId: string;
  /** Milliseconds of the simulator's clock. */
  at: number;
  kind: "created" | "suspended" | "reinstated" | "changed" | "deleted";
  userId: string;
  before?: UserAttributes;
  /** Absent for somebody who was deleted. */
  after?: UserAttributes;
}

/** One service provider: a base path with a token and users of its own. */
export interface TenantRecord {
  readonly basePath: string;
  token: string;
  /** Tokens of its token endpoint, and when each ends, in milliseconds of the simulator's clock. */
  readonly issued: Map<string, number>;
  oauth: TokenClient | undefined;
  behavior: TenantBehavior;
  readonly schema: UserSchema;
  /** In the order of arrival, which is the order of lists. */
  readonly users: Map<string, StoredUser>;
  /** Ids by `attribute value`, of lower-cased values, for look-ups that take constant time. */
  readonly index: Map<string, Set<string>>;
  readonly effects: Effect[];
  readonly seed: Seed;
  /** How many users there have ever been: an id is never used twice. */
  everCreated: number;
}

/** What a tenant's token endpoint takes. */
export interface TokenClient {
  clientId: string;
  clientSecret: string;
  /** Default: an hour. `untold`: the tokens last, and the answer does not say how long. */
  lifetimeSeconds?: number | "untold";
  /** The form that it wants, beside others. Default: the grant type `client_credentials`. */
  form?: Readonly<Record<string, string>>;
}

export interface TenantOptions {
  /** Such as `/slack/scim/v2`: begins with a slash and does not end with one. */
  basePath: string;
  /** The bearer token. */
  token: string;
  /** The client that gets tokens at `/oauth/token` below the base path. Default: there is no such endpoint. */
  oauth?: TokenClient;
  behavior?: BehaviorChange;
  extensions?: readonly SchemaExtension[];
  /** Attributes of one value beside those of the core schema. */
  attributes?: AttributeTypes;
}

export function createTenant(options: TenantOptions, seed: Seed): TenantRecord {
  return {
    basePath: options.basePath,
    token: options.token,
    issued: new Map(),
    oauth: options.oauth,
    behavior: changeBehavior(standardBehavior, options.behavior ?? {}),
    schema: declareUserSchema(options.extensions ?? [], options.attributes ?? {}),
    users: new Map(),
    index: new Map(),
    effects: [],
    seed,
    everCreated: 0,
  };
}

/** The attributes that an indexed look-up may name. */
export const indexedAttributes = ["id", "externalId", "userName", "emails.value"] as const;
export type IndexedAttribute = (typeof indexedAttributes)[number];

/** Everybody whose attribute has this value in any case, in the order of arrival. */
export function findByValue(record: TenantRecord, attribute: IndexedAttribute, value: string): StoredUser[] {
  const ids = record.index.get(indexKey(attribute, value)) ?? [];
  return [...ids].flatMap((id) => record.users.get(id) ?? []);
}

/** The user of an id, a user name or an address. */
export function findByAnyName(record: TenantRecord, name: string): StoredUser | undefined {
  return (
    record.users.get(name) ??
    findByValue(record, "userName", name)[0] ??
    findByValue(record, "emails.value", name)[0]
  );
}

export function addUser(
  record: TenantRecord,
  attributes: UserAttributes,
  at: Date,
  id: string = seededUuid(record.seed, `${record.basePath}/${record.everCreated + 1}`),
): StoredUser {
  if (record.users.has(id))
    throw new Error(`${record.basePath} has a user ${id} already. Choose another id.`);
  record.everCreated += 1;
  const user: StoredUser = { id, attributes, createdAt: at, modifiedAt: at };
  record.users.set(id, user);
  indexUser(record, user);
  return user;
}

/** Stores other attributes of a user; the place in lists stays. */
export function replaceUser(
  record: TenantRecord,
  { id, createdAt, attributes: former }: StoredUser,
  attributes: UserAttributes,
  at: Date,
): StoredUser {
  forgetIndex(record, id, former);
  const user: StoredUser = { id, attributes, createdAt, modifiedAt: at };
  record.users.set(id, user);
  indexUser(record, user);
  return user;
}

export function removeUser(record: TenantRecord, { id, attributes }: StoredUser): void {
  forgetIndex(record, id, attributes);
  record.users.delete(id);
}

function indexUser({ index }: TenantRecord, { id, attributes }: StoredUser): void {
  for (const key of indexKeys(id, attributes)) index.set(key, (index.get(key) ?? new Set()).add(id));
}

function forgetIndex({ index }: TenantRecord, id: string, attributes: UserAttributes): void {
  for (const key of indexKeys(id, attributes)) {
    const ids = index.get(key);
    ids?.delete(id);
    if (ids?.size === 0) index.delete(key);
  }
}

function indexKeys(id: string, { externalId, userName, emails = [] }: UserAttributes): string[] {
  const addresses = emails.map(({ value }) => ["emails.value", value] as const);
  const values = [["id", id], ["externalId", externalId], ["userName", userName], ...addresses] as const;
  return values.flatMap(([attribute, value]) => (value === undefined ? [] : indexKey(attribute, value)));
}

function indexKey(attribute: IndexedAttribute, value: string): string {
  return `${attribute} ${value.toLowerCase()}`;
}
