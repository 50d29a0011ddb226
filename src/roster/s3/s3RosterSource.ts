import { addAbortSignal, Readable } from "node:stream";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { RosterSource } from "../rosterSource.ts";
import { toAsOf } from "../toAsOf.ts";

interface RosterObject {
  bucket: string;
  key: string;
}

/**
 * A roster in an object of S3, read as a stream. Its time is the metadata `x-amz-meta-as-of`, else when it was written.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function s3RosterSource(client: S3Client, object: RosterObject, clock: () => number): RosterSource {
  return {
    open: async (signal) => {
      const { Body, LastModified, ETag, Metadata = {} } = await get(client, object, signal);
      if (!(Body instanceof Readable) || LastModified === undefined || ETag === undefined)
        throw new Error(`expected a body, its time and its ETag from ${nameOf(object)}; got less`);
      const times = { stated: Metadata["as-of"], writtenAt: LastModified.getTime() };
      try {
        const asOf = toAsOf(times, clock());
        // Whoever reads it is told by the reading. A body that nobody reads on must not end the process when its time is over.
        Body.on("error", () => undefined);
        return { bytes: addAbortSignal(signal, Body), asOf, etag: ETag };
      } catch (error) {
        Body.destroy();
        throw error;
      }
    },
  };
}

async function get(client: S3Client, object: RosterObject, abortSignal: AbortSignal) {
  const { bucket: Bucket, key: Key } = object;
  try {
    return await client.send(new GetObjectCommand({ Bucket, Key }), { abortSignal });
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : "an unknown error";
    // Without s3:ListBucket S3 says AccessDenied of what is not there.
    throw new Error(
      `expected the roster ${nameOf(object)}; got ${name}. Look whether it is there, whether the function's role may read it (a key of KMS has a policy of its own), and whether the bucket is in this region`,
      { cause },
    );
  }
}

function nameOf({ bucket, key }: RosterObject): string {
  return `s3://${bucket}/${key}`;
}
