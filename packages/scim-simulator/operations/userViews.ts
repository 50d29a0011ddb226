import { createHash } from "node:crypto";
import type { StoredUser, TenantRecord } from "../tenants/tenantState.ts";
import type { UserAttributes } from "../tenants/userSchema.ts";

/** @param tenantUrl the URL of the tenant's base path */
export function locationOf({ id }: StoredUser, tenantUrl: string): string {
  return `${tenantUrl}/Users/${encodeURIComponent(id)}`;
}

/** Shows a user as the tenant's behavior says. A list may show less than the answer about one user. */
export function showUser(
  record: TenantRecord,
  user: StoredUser,
  tenantUrl: string,
  place: "alone" | "inList",
): object {
  const { activeAs, listOmits } = record.behavior.users;
  const { active, ...others } = visibleAttributes(record, user);
  const shown = {
    ...others,
    ...(active === undefined || activeAs === "absent"
      ? {}
      : { active: activeAs === "text" ? asText(active) : active }),
    id: user.id,
    meta: {
      resourceType: "User",
      created: user.createdAt.toISOString(),
      lastModified: user.modifiedAt.toISOString(),
      location: locationOf(user, tenantUrl),
    },
  };
  if (place === "alone" || listOmits.length === 0) return shown;
  return Object.fromEntries(Object.entries(shown).filter(([name]) => !listOmits.includes(name)));
}

function asText(active: boolean): string {
  return active ? "True" : "False";
}

/** What answers and filters know of a user. The names of a suspended one may be hidden behind hashes. */
export function visibleAttributes({ behavior }: TenantRecord, { attributes }: StoredUser): UserAttributes {
  if (behavior.users.suspendedNames === "kept" || attributes.active !== false) return attributes;
  const { emails, ...others } = attributes;
  return {
    ...others,
    userName: hashOf(attributes.userName),
    ...(emails === undefined
      ? {}
      : { emails: emails.map((email) => ({ ...email, value: hashOf(email.value ?? "") })) }),
  };
}

function hashOf(value: string): string {
  return createHash("sha256").update(value).digest("hex").slice(0, 32);
}
