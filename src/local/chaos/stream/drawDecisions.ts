import type { DetailType } from "../../../events/hrEvent.ts";
import type { SampleAccount } from "../../sampleDay/sampleAccounts.ts";
import { type SeededRandom, seededRandom } from "../../sampleDay/seededRandom.ts";
import { drawEffect, drawOccurredAt, toTimestamp } from "./decisionTimes.ts";
import type { HrLine } from "./hrLine.ts";
import type { Person, Population } from "./population.ts";

/** How often which decision is made about somebody whom the directory knows; a leave once more. */
const ofMembers: Shares = [
  ["EmployeeLeft", 5],
  ["EmployeeReturned", 5],
  ["EmployeeHired", 2],
  ["LicenseChanged", 4],
  ["EmployeeRoleChanged", 3],
];
/** A license for somebody who does not exist waits for minutes: longer than a run. */
const ofNewcomers: Shares = [
  ["EmployeeHired", 4],
  ["EmployeeLeft", 2],
  ["EmployeeReturned", 2],
];

type Shares = readonly [DetailType, number][];

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
    const type = drawType(person.userId === undefined ? ofNewcomers : ofMembers, random);
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
      return {};
    case "LicenseChanged":
      return { licenseType: random.pick([license, ...licenses]) };
    case "EmployeeRoleChanged": {
      const named = random.integer(1, 5) === 1 ? { licenseType: random.pick([license, ...licenses]) } : {};
      return { role: random.pick(roles), ...named };
    }
  }
}

function drawType(shares: Shares, random: SeededRandom): DetailType {
  const types = shares.flatMap(([type, share]) => Array<DetailType>(share).fill(type));
  return random.pick(["EmployeeLeft", ...types]);
}
