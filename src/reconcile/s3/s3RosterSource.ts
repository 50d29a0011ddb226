import type { AwsClient } from "aws4fetch";
import * as z from "zod";
import { RosterFault } from "../reading/rosterRow.ts";
import type { RosterSource } from "../rosterPorts.ts";

export interface S3RosterOptions extends RosterObject {
  /** Signs and sends requests. The SDK's S3 client would make the function's bundle a fifth larger, for one GET. */
  client: Pick<AwsClient, "fetch">;
  clock: () => number;
}

/**
 * Reads a roster from an object in S3, as a stream. Its time is the metadata `x-amz-meta-as-of`, or else when it was written.
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
        throw new Error(`expected a body, Last-Modified and an ETag from ${nameOf(object)}; got less`);
      try {
        const stated = headers.get("x-amz-meta-as-of") ?? undefined;
        return { bytes: untilEnd(body, object), asOf: toAsOf({ stated, writtenAt }, clock()), etag };
      } catch (error) {
        await body.cancel();
        throw error;
      }
    },
  };
}

/** Names the object in the error of a transfer that breaks off or times out, which says only "terminated". */
async function* untilEnd(body: AsyncIterable<Uint8Array>, object: RosterObject): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw new Error(`${nameOf(object)} broke off before its end, and is read anew the next time`, { cause });
  }
}

/** Without s3:ListBucket, S3 answers AccessDenied for a missing object, so the message names both causes. */
function explain(object: RosterObject, status: number, body: string): string {
  const [, code = "no reason"] = /<Code>(\w+)<\/Code>/.exec(body) ?? [];
  return `expected the roster ${nameOf(object)}; got ${status}, ${code}. Look whether it is there, whether the function's role may read it (a key of KMS has a policy of its own), and whether the bucket is in ${object.region}`;
}

function nameOf({ bucket, key }: RosterObject): string {
  return `s3://${bucket}/${key}`;
}

interface RosterObject {
  region: string;
  bucket: string;
  key: string;
  /** Of another S3-compatible service, which has no host name for each bucket. */
  endpoint?: string | undefined;
}

/** The object's URL. https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html */
export function toObjectUrl({ region, bucket, key, endpoint }: RosterObject): string {
  const path = key.split("/").map(encodeURIComponent).join("/");
  if (endpoint !== undefined) return `${endpoint}/${bucket}/${path}`;
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  // The wildcard of S3's certificate covers one label, so a bucket with dots goes into the path.
  return bucket.includes(".")
    ? `https://s3.${region}.${domain}/${bucket}/${path}`
    : `https://${bucket}.s3.${region}.${domain}/${path}`;
}

const time = z.iso.datetime({ offset: true });

interface StoredTimes {
  /** The export's own time, from the object's metadata. */
  stated: string | undefined;
  /** When the object was written, in milliseconds since the epoch. */
  writtenAt: number;
}

/**
 * The roster's time, in milliseconds since the epoch. Throws `RosterFault` for a stated time that is malformed or in the
 * future: the roster's decisions would supersede every other one until then.
 */
export function toAsOf({ stated, writtenAt }: StoredTimes, now: number): number {
  // S3's clock may be a little ahead of ours.
  if (stated === undefined) return Math.min(writtenAt, now);
  if (!time.safeParse(stated).success)
    throw new RosterFault(
      "expected the object's metadata as-of to be a time such as 2026-05-14T06:00:00Z; got something else. Mend the export, or leave it out",
    );
  const asOf = Date.parse(stated);
  if (asOf <= now) return asOf;
  throw new RosterFault(
    `the object's metadata as-of, ${new Date(asOf).toISOString()}, is still to come; say there when the roster was true`,
  );
}
