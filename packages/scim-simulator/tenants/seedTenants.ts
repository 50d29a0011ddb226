import { type Seed, seededFraction } from "@rollcall/simulated-service/seededDraws";
import { isRefusal } from "../operations/answers.ts";
import { addUser, createTenant, type TenantOptions, type TenantRecord } from "./tenantState.ts";
import type { UserAttributes } from "./userSchema.ts";

/** A tenant at the start, with its users. */
export interface PopulatedTenant extends TenantOptions {
  /** How many generated people, in the address domain below. Default 0. */
  users?: number;
  /** Default: `scim.example`. */
  emailDomain?: string;
  /** How many of the generated people, the last ones, are not active. Default 0. */
  suspended?: number;
  /** Named people, after the generated ones. */
  people?: readonly NewUser[];
}

/** A user to begin with: any attributes, of which the user name is needed. */
export type NewUser = { id?: string; userName: string } & Readonly<Record<string, unknown>>;

// The date is fixed, so that the users depend on the seed alone.
const foundedAt = new Date("2021-03-01T09:00:00.000Z");

const givenNames =
  "Ada Alan Annie Barbara Claude Donald Edsger Frances Grace Hedy Ivan Jean Karen Ken Leslie Margaret".split(
    " ",
  );
const familyNames =
  "Allen Bartik Dijkstra Easley Hamilton Hopper Keller Knuth Lamarr Lamport Liskov Lovelace Shannon Sparck Sutherland Turing".split(
    " ",
  );

/**
 * Creates the tenants and their people, which depend on the arguments alone.
 * @throws if two tenants have one base path, or if a person does not fit the schema.
 */
export function seedTenants(tenants: readonly PopulatedTenant[], seed: Seed): TenantRecord[] {
  const paths = tenants.map(({ basePath }) => basePath);
  const malformed = paths.find(
    (path, place) => !/^(\/[^/?#]+)+$/.test(path) || paths.indexOf(path) !== place,
  );
  if (malformed !== undefined) {
    throw new Error(`Expected base paths such as /slack/scim/v2, each once, got ${malformed}.`);
  }
  return tenants.map((tenant) => populate(tenant, seed));
}

/**
 * Returns the `ordinal`-th generated person of a tenant, from 1. A generator of events can name existing people by
 * it. The ordinal makes the address unique.
 */
export function seededPerson(tenant: PopulatedTenant, ordinal: number, seed: Seed): NewUser {
  const label = `${tenant.basePath}/person/${ordinal}`;
  const given = pick(givenNames, seededFraction(seed, `${label}/given`));
  const family = pick(familyNames, seededFraction(seed, `${label}/family`));
  const domain = tenant.emailDomain ?? "scim.example";
  return {
    userName: `${given}.${family}.${ordinal}@${domain}`.toLowerCase(),
    displayName: `${given} ${family}`,
    name: { givenName: given, familyName: family },
  };
}

function populate(tenant: PopulatedTenant, seed: Seed): TenantRecord {
  const record = createTenant(tenant, seed);
  const { users = 0, suspended = 0, people = [] } = tenant;
  for (let ordinal = 1; ordinal <= users; ordinal += 1) {
    const person = { ...seededPerson(tenant, ordinal, seed), active: ordinal <= users - suspended };
    addUser(record, toAttributes(person, record), foundedAt);
  }
  for (const { id, ...person } of people) addUser(record, toAttributes(person, record), foundedAt, id);
  return record;
}

/**
 * Fills in what nearly every user has: `active`, and the user name as the work address.
 * @throws if the attributes do not fit the tenant's schema.
 */
export function toAttributes(user: Omit<NewUser, "id">, { schema, basePath }: TenantRecord): UserAttributes {
  const isAddress = /@/.test(String(user.userName));
  const address = isAddress ? { emails: [{ value: user.userName, type: "work", primary: true }] } : {};
  const attributes = schema.parse({ active: true, ...address, ...user });
  if (!isRefusal(attributes)) return attributes;
  throw new Error(`A user of ${basePath} does not fit its schema: ${attributes.detail}`);
}

function pick(names: readonly string[], fraction: number): string {
  return names[Math.floor(fraction * names.length)] ?? "Ada";
}
