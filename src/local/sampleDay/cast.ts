import { type SampleAccount, sampleUser, sampleUsers } from "./sampleAccounts.ts";
import type { SeededRandom } from "./seededRandom.ts";

/** Somebody an event speaks of. Without `userId`: no directory knows them when the day begins. */
export interface Person {
  personId: string;
  email: string;
  userId?: string;
  licenseType?: string;
}

/** Hands out the people of an account, each only once, so that no two scenes meddle with each other. */
export interface Cast {
  account: SampleAccount;
  registered(): Person;
  suspended(): Person;
  newcomer(): Person;
}

const givenNames = ["amina", "bruno", "chen", "dalia", "emeka", "freya", "goran", "hana", "ines", "jonas"];
const familyNames = ["abara", "bakker", "costa", "diaz", "eriksen", "fischer", "garcia", "horvat"];

export function gatherCast(account: SampleAccount, random: SeededRandom): Cast {
  const ofStatus = (status: "Registered" | "Suspended") =>
    random.shuffle(sampleUsers(account).filter((user) => user.status === status)).values();
  const registered = ofStatus("Registered");
  const suspended = ofStatus("Suspended");
  let newcomers = 0;
  return {
    account,
    registered: () => next(registered, `registered people in ${account.id}`),
    suspended: () => next(suspended, `suspended people in ${account.id}`),
    newcomer: () => newcomer(account, newcomers++),
  };
}

function newcomer(account: SampleAccount, index: number): Person {
  const given = givenNames[index % givenNames.length];
  const family = familyNames[index % familyNames.length];
  const { personId } = sampleUser(account, account.users + 1 + index);
  return { personId, email: `${given}.${family}${index}@${account.domain}` };
}

function next<T>(people: Iterator<T>, what: string): T {
  const { done, value } = people.next();
  if (done) throw new RangeError(`the sample day asks for more ${what} than there are`);
  return value;
}
