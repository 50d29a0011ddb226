import type { AwsClient } from "aws4fetch";
import type { RosterSource } from "../rosterSource.ts";
import { toAsOf } from "../toAsOf.ts";
import { type RosterObject, toObjectUrl } from "./toObjectUrl.ts";

export interface S3RosterOptions extends RosterObject {
  /** Signs and sends. The SDK's own client for S3 would make the function's bundle a fifth larger, for one GET. */
  client: Pick<AwsClient, "fetch">;
  clock: () => number;
}

/**
 * A roster in an object of S3, read as a stream. Its time is the metadata `x-amz-meta-as-of`, else when it was written.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function s3RosterSource({ client, clock, ...object }: S3RosterOptions): RosterSource {
  return {
    open: async (signal) => {
      const response = await client.fetch(toObjectUrl(object), { signal, redirect: "manual" });
      if (response.status !== 200) throw new Error(explain(object, response.status, await response.text()));
      const { headers, body } = response;
      const writtenAt = Date.parse(headers.get("last-modified") ?? "");
      const etag = headers.get("etag");
      if (body === null || Number.isNaN(writtenAt) || etag === null)
        throw new Error(`expected a body, its time and its ETag from ${nameOf(object)}; got less`);
      try {
        const stated = headers.get("x-amz-meta-as-of") ?? undefined;
        return { bytes: whole(body, object), asOf: toAsOf({ stated, writtenAt }, clock()), etag };
      } catch (error) {
        await body.cancel();
        throw error;
      }
    },
  };
}

/** A transfer that breaks off, or whose time is over, says of itself no more than that it was terminated. */
async function* whole(body: AsyncIterable<Uint8Array>, object: RosterObject): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw new Error(`${nameOf(object)} broke off before its end, and is read anew the next time`, { cause });
  }
}

/** Without s3:ListBucket S3 says AccessDenied of what is not there. */
function explain(object: RosterObject, status: number, body: string): string {
  const [, code = "no reason"] = /<Code>(\w+)<\/Code>/.exec(body) ?? [];
  return `expected the roster ${nameOf(object)}; got ${status}, ${code}. Look whether it is there, whether the function's role may read it (a key of KMS has a policy of its own), and whether the bucket is in ${object.region}`;
}

function nameOf({ bucket, key }: RosterObject): string {
  return `s3://${bucket}/${key}`;
}
