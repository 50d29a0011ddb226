import {
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";

/** Where the vendors' settings lie. A fault of the store is thrown. */
export interface ParameterStore {
  /** The text under that name; `undefined` if there is none. */
  read: (name: string) => Promise<string | undefined>;
  write: (name: string, text: string) => Promise<void>;
}

interface StoreOptions {
  ssm: SSMClient;
  /** Begins with a slash and has none at its end. */
  path: string;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

/** A key that is replaced is known so much later; a vendor that is configured as well. */
const keptMilliseconds = 300_000;
const keptAbsentMilliseconds = 30_000;

/**
 * SecureStrings of the SSM Parameter Store, read once in some minutes for each execution environment: SSM takes 40 reads a
 * second of a whole AWS account, and strangers may call as often as they like.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
 */
export function parameterStore({ ssm, path, clock }: StoreOptions): ParameterStore {
  const kept = new Map<string, { text: string | undefined; until: number }>();
  return {
    async read(name) {
      const known = kept.get(name);
      if (known !== undefined && clock() < known.until) return known.text;
      const text = await fetchParameter(ssm, `${path}/${name}`);
      const milliseconds = text === undefined ? keptAbsentMilliseconds : keptMilliseconds;
      kept.set(name, { text, until: clock() + milliseconds });
      return text;
    },
    async write(name, text) {
      await ssm.send(
        new PutParameterCommand({
          Name: `${path}/${name}`,
          Value: text,
          Type: "SecureString",
          Overwrite: true,
        }),
      );
    },
  };
}

async function fetchParameter(ssm: SSMClient, name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    return Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}
