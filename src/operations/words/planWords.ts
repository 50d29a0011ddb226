import type { Operation } from "../../directory/directory.ts";
import type { PlanEntry } from "../reconcileRoster.ts";
import { countOf, countPeople } from "./plainWords.ts";

/** What happens to people of each kind, in the order in which they are shown. */
export const planHeadlines: Record<PlanEntry["kind"], (count: number) => string> = {
  leaver: (count) => `${countPeople(count)} to be suspended`,
  joiner: (count) => `${countPeople(count)} to be given access`,
  returner: (count) => `${countPeople(count)} to be let in again`,
  license: (count) => `${countOf(count, "license")} to be changed`,
  conflict: (count) => `${countOf(count, "conflict")}, about which nothing is done`,
  unlisted: (count) => `${countOf(count, "active account")} without a row, left as they are`,
  impossible: (count) => `${countPeople(count)} for whom it cannot be done`,
  awaited: (count) => `${countPeople(count)} whose account begins when they register by themselves`,
  excluded: (count) => `${countPeople(count)} whom the policy leaves alone`,
};

/** What a call does. */
export const operationWords: Record<Operation, string> = {
  suspend: "suspend",
  unsuspend: "let in again",
  create: "invite",
  setLicense: "change license",
  signOut: "sign out",
  resetPin: "replace PIN",
};
