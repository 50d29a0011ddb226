import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export interface StoredObject {
  body: Buffer;
  /** What GetObject answers with. */
  headers: Record<string, string> & { etag: string };
}

/** The object that a PutObject stores; `undefined` for one that comes in signed chunks, which are not modelled. */
export function toStoredObject(
  given: IncomingHttpHeaders,
  body: Buffer,
  now: number,
): StoredObject | undefined {
  if (given["content-encoding"]?.includes("aws-chunked")) return undefined;
  const metadata = Object.entries(given).flatMap(([name, value]) =>
    name.startsWith("x-amz-meta-") && typeof value === "string" ? [[name, value] as const] : [],
  );
  return {
    body,
    headers: {
      ...Object.fromEntries(metadata),
      etag: `"${createHash("md5").update(body).digest("hex")}"`,
      "content-length": String(body.byteLength),
      "content-type": given["content-type"] ?? "binary/octet-stream",
      // In whole seconds, as S3 does.
      "last-modified": new Date(now).toUTCString(),
    },
  };
}
