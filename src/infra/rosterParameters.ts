/** Where the stored roster is, and what is done with it. */
export interface RosterParameters {
  bucket: string;
  key: string;
  /** Whether events are published for the differences, or they are only reported. */
  sync: boolean;
  /** An EventBridge rate expression, such as `rate(1 hour)`. */
  rate: string;
  rateSeconds: number;
}

/** The parameters of serverless.yml; those that were not given are empty. */
type GivenParameters = Record<"rosterBucket" | "rosterKey" | "rosterSync" | "rosterRate", string>;

/** Checks the parameters; `undefined` if none was given. Throws an error that says what was expected, what came and what to do. */
export function toRosterParameters(given: GivenParameters): RosterParameters | undefined {
  const { rosterBucket: bucket, rosterKey: key, rosterSync, rosterRate } = given;
  const names = Object.entries(given).flatMap(([name, value]) => (value === "" ? [] : [name]));
  if (names.length === 0) return undefined;
  if (bucket === "" || key === "")
    throw new Error(
      `expected rosterBucket and rosterKey together; got ${names.join(" and ")} alone. Give both, or none of the roster's parameters`,
    );
  if (!bucketName.test(bucket))
    throw new Error(`expected rosterBucket to be the name of a bucket, such as acme-hr; got "${bucket}"`);
  if (ambiguous.test(key) || key.startsWith("/") || Buffer.byteLength(key) > 1024)
    throw new Error(
      `expected rosterKey to be one object's key without *, ? and $, such as exports/workers.csv; got "${key}"`,
    );
  if (!["", "true", "false"].includes(rosterSync))
    throw new Error(`expected rosterSync to be true or false; got "${rosterSync}"`);
  const rate = rosterRate === "" ? "rate(1 hour)" : rosterRate;
  return { bucket, key, sync: rosterSync === "true", rate, rateSeconds: toSeconds(rate) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const bucketName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** IAM or CloudFormation would read these as more than a name, and the role is to read one object only. */
const ambiguous = /[*?$]/;

/** A run may take 15 minutes; and the alarms, whose period is two runs, can look back a day at most. */
function toSeconds(rate: string): number {
  const [, count = "", unit = "", plural] = /^rate\(([1-9]\d{0,4}) (minute|hour)(s?)\)$/.exec(rate) ?? [];
  const seconds = Number(count) * (secondsPerUnit[unit] ?? 0);
  if (seconds >= 900 && seconds <= 43_200 && (count === "1") === (plural === "")) return seconds;
  throw new Error(
    `expected rosterRate to be rate(15 minutes) to rate(12 hours), the singular for 1 and the plural for more; got "${rate}". A roster that comes once a day may be looked at every hour`,
  );
}

const secondsPerUnit: Readonly<Record<string, number>> = { minute: 60, hour: 3_600 };
