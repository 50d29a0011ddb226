import type { DetailType } from "../../../events/hrEvent.ts";
import type { License } from "../../chime/vocabulary.ts";
import type { SampleAccount } from "../../sampleDay/sampleAccounts.ts";
import { type SeededRandom, seededRandom } from "../../sampleDay/seededRandom.ts";
import { drawEffect, drawOccurredAt, toTimestamp } from "./decisionTimes.ts";
import type { HrLine } from "./hrLine.ts";
import type { Person, Population } from "./population.ts";

type Turns = readonly [DetailType, ...DetailType[]];

/** What is decided about somebody whom the directory knows, each as likely as it stands here. */
const ofMembers: Turns = [
  "EmployeeLeft",
  "EmployeeLeft",
  "EmployeeLeft",
  "EmployeeReturned",
  "EmployeeReturned",
  "EmployeeHired",
  "LicenseChanged",
  "LicenseChanged",
  "EmployeeRoleChanged",
];
/** A license for somebody who does not exist would wait for minutes, which is longer than a run. */
const ofNewcomers: Turns = ["EmployeeHired", "EmployeeHired", "EmployeeLeft", "EmployeeReturned"];

const roles = ["engineer", "sales", "contractor"] as const;

/**
 * So many decisions of HR about the people: leaves, returns, hires, roles and licenses, several about the same person,
 * some of them made at the same time. The same seed gives the same decisions, apart from those that wait for a moment
 * after `startedAt` (milliseconds since the epoch).
 */
export function drawDecisions(
  { accounts, people }: Population,
  { seed, events, startedAt }: { seed: number; events: number; startedAt: number },
): HrLine[] {
  const random = seededRandom(seed);
  const [someone, ...others] = people;
  if (someone === undefined) return [];
  const lastOccurredAt = new Map<string, number>();
  return Array.from({ length: events }, (_, index) => {
    const person = random.pick([someone, ...others]);
    const type = random.pick(person.userId === undefined ? ofNewcomers : ofMembers);
    const occurredAt = drawOccurredAt(lastOccurredAt.get(person.personId), random);
    lastOccurredAt.set(person.personId, occurredAt);
    const account = accounts.find(({ id }) => id === person.accountId);
    return {
      "detail-type": type,
      detail: {
        metadata: {
          id: `chaos-${seed}-${index + 1}`,
          schemaVersion: "1.0",
          occurredAt: toTimestamp(occurredAt, random),
        },
        data: {
          ...identify(person, random),
          ...drawEffect(occurredAt, startedAt, random),
          ...drawContent(type, account, random),
        },
      },
    };
  });
}

/** Most senders know the address only, and some write it in their own way. */
function identify({ personId, email, userId }: Person, random: SeededRandom) {
  const written = random.integer(1, 10) === 1 ? email.replace(/^./, (first) => first.toUpperCase()) : email;
  return { personId, email: written, ...(userId !== undefined && random.integer(1, 4) === 1 && { userId }) };
}

function drawContent(
  type: DetailType,
  account: SampleAccount | undefined,
  random: SeededRandom,
): Readonly<Record<string, string>> {
  const [license = "Basic", ...licenses] = account?.supportedLicenses ?? [];
  switch (type) {
    case "EmployeeLeft":
      return random.integer(1, 10) === 1 ? { urgency: "immediate", reason: "dismissal" } : {};
    case "EmployeeHired":
    case "EmployeeReturned":
      return random.integer(1, 2) === 1 ? drawRole([license, ...licenses], random) : {};
    case "LicenseChanged":
      return { licenseType: random.pick([license, ...licenses]) };
    case "EmployeeRoleChanged":
      return drawRole([license, ...licenses], random);
  }
}

/** A role, and for some the license that HR has chosen besides. */
function drawRole(
  licenses: readonly [License, ...License[]],
  random: SeededRandom,
): Readonly<Record<string, string>> {
  const named = random.integer(1, 5) === 1 ? { licenseType: random.pick(licenses) } : {};
  return { role: random.pick(roles), ...named };
}
