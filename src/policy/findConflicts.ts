/** The parts of an account that may contradict another one, or themselves. */
interface CheckedAccount {
  id: string;
  domains: readonly string[];
  attributes?: Readonly<Record<string, unknown>>;
  licensePerRole: Readonly<Record<string, unknown>>;
}

interface Conflict {
  /** From the list of accounts on. */
  path: (string | number)[];
  message: string;
}

/** What each account for itself would be right about, and what is wrong about them together. */
export function findConflicts(accounts: readonly CheckedAccount[]): Conflict[] {
  return [...repeatedIds(accounts), ...takenDomains(accounts), ...repeatedRoles(accounts)];
}

function repeatedIds(accounts: readonly CheckedAccount[]): Conflict[] {
  return accounts.flatMap(({ id }, index) => {
    const first = accounts.findIndex((other) => other.id === id);
    const message = `account ${id} stands here for the second time; name its domains and roles in one place`;
    return first < index ? [{ path: [index, "id"], message }] : [];
  });
}

/** The first account that fits a person counts, so nobody comes to one behind an account that takes a domain as a whole. */
function takenDomains(accounts: readonly CheckedAccount[]): Conflict[] {
  const ownerOfDomain = new Map<string, string>();
  return accounts.flatMap(({ id, domains, attributes }, index) =>
    domains.flatMap((domain, position) => {
      const owner = ownerOfDomain.get(domain);
      if (owner === undefined && attributes === undefined) ownerOfDomain.set(domain, id);
      if (owner === undefined) return [];
      const remedy =
        attributes === undefined
          ? "a person can be in one account only"
          : `put this account before ${owner}, which takes everybody else`;
      return [
        {
          path: [index, "domains", position],
          message: `${domain} already belongs to account ${owner}; ${remedy}`,
        },
      ];
    }),
  );
}

function repeatedRoles(accounts: readonly CheckedAccount[]): Conflict[] {
  return accounts.flatMap(({ licensePerRole }, index) => {
    const first = new Map<string, string>();
    return Object.keys(licensePerRole).flatMap((role) => {
      const same = first.get(role.toLowerCase());
      first.set(role.toLowerCase(), same ?? role);
      const message = `the role stands here as ${same} already, and case makes no difference`;
      return same === undefined ? [] : [{ path: [index, "licensePerRole", role], message }];
    });
  });
}
