import {
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import type { ParameterStore } from "../webhooks/vendor.ts";

interface StoreOptions {
  ssm: SSMClient;
  /** Begins with a slash and has none at its end. */
  path: string;
  /** Milliseconds since the epoch. */
  clock: () => number;
}

/** How long it takes until a key that is replaced is known. */
const cacheMilliseconds = 300_000;
/** How long it takes until a vendor that is configured is known. */
const absenceCacheMilliseconds = 30_000;

/**
 * The vendors' settings as SecureStrings of the SSM Parameter Store. Each execution environment caches them for minutes: SSM
 * allows 40 reads a second for a whole AWS account, and strangers may call as often as they like.
 *
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html
 */
export function parameterStore({ ssm, path, clock }: StoreOptions): ParameterStore {
  const cache = new Map<string, { text: string | undefined; until: number }>();
  return {
    async read(name) {
      const cached = cache.get(name);
      if (cached !== undefined && clock() < cached.until) return cached.text;
      const text = await fetchParameter(ssm, `${path}/${name}`);
      const milliseconds = text === undefined ? absenceCacheMilliseconds : cacheMilliseconds;
      cache.set(name, { text, until: clock() + milliseconds });
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
