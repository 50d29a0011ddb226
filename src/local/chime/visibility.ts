import { type AccountRecord, findByEmail, findById } from "./directoryState.ts";
import type { SimulatorSettings } from "./settings.ts";
import type { User } from "./user.ts";

/** Whether the API shows the user: see `suspendedTeamUsers` in the settings. */
export function isVisible(user: User, { account }: AccountRecord, settings: SimulatorSettings): boolean {
  if (settings.suspendedTeamUsers === "listed" || account.type !== "Team") return true;
  return user.registration !== "Suspended";
}

export function visibleById(
  record: AccountRecord,
  id: string,
  settings: SimulatorSettings,
): User | undefined {
  const user = findById(record, id);
  return user !== undefined && isVisible(user, record, settings) ? user : undefined;
}

export function visibleByEmail(
  record: AccountRecord,
  email: string,
  settings: SimulatorSettings,
): User | undefined {
  const user = findByEmail(record, email);
  return user !== undefined && isVisible(user, record, settings) ? user : undefined;
}
