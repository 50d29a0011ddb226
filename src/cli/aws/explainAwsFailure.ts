import type { CommandEnd } from "../commandEnd.ts";

type Failure = Exclude<CommandEnd, { kind: "done" }>;

/** What was asked, and where. */
export interface AskedAws {
  service: string;
  /** Such as a table's name. */
  resource: string;
  region: string;
  endpoint?: string;
}

export interface FailureExplanation {
  /** The error's name, or its code where the network failed. */
  name: RegExp;
  kind: Failure["kind"];
  say: (asked: AskedAws & { name: string; message: string }) => string;
}

/** What may happen with every service. */
const ofEveryService: readonly FailureExplanation[] = [
  {
    name: /^CredentialsProviderError$/,
    kind: "failed",
    say: ({ message }) =>
      `there are no AWS credentials to use (${message}); sign in, set AWS_PROFILE, or name a local --endpoint`,
  },
  {
    name: /Token|Unrecognized|Signature/,
    kind: "failed",
    say: ({ name }) => `AWS does not accept the credentials (${name}); sign in again, or check AWS_PROFILE`,
  },
  {
    name: /Throttl|ThroughputExceeded|RequestLimitExceeded/,
    kind: "failed",
    say: ({ service, resource, name }) =>
      `${service} throttles the requests to ${resource} (${name}); try again in a minute`,
  },
  {
    // A POSIX code such as ECONNREFUSED is the network's; Node's own (`ERR_…`) speak of mistakes in a program.
    name: /^(TimeoutError|E(?!RR_)[A-Z_]+)$/,
    kind: "failed",
    say: ({ service, region, endpoint = region, name }) =>
      `${service} cannot be reached at ${endpoint} (${name}); check the network, or name another --endpoint`,
  },
];

/**
 * Why AWS was asked in vain, and what to do about it: by the service's `own` explanations, then by those of every
 * service. Rethrows what was said by neither the service, nor its client, nor the network.
 */
export function explainAwsFailure(
  error: unknown,
  asked: AskedAws,
  own: readonly FailureExplanation[],
): Failure {
  if (!(error instanceof Error)) throw error;
  const { message } = error;
  const name = "code" in error ? String(error.code) : error.name;
  const known = [...own, ...ofEveryService].find((explanation) => explanation.name.test(name));
  if (known !== undefined) return { kind: known.kind, message: known.say({ ...asked, name, message }) };
  if (!("$fault" in error)) throw error;
  return {
    kind: "failed",
    message: `${asked.service} refused to read ${asked.resource}: ${name}: ${message}`,
  };
}
