import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { closeServer, urlOf } from "../httpServer.ts";

/** The fault of a GetObject: S3 denies it, or the transfer breaks off after so many bytes. */
export type S3Fault = { kind: "deny" } | { kind: "breakOff"; afterBytes: number };
export type S3Faults = (path: string) => S3Fault | undefined;

export interface S3Server {
  url: string;
  close: () => Promise<void>;
}

/**
 * Starts S3 on 127.0.0.1, in memory: PutObject and GetObject with path-style addresses. A bucket exists once it holds
 * an object. Not modelled: signatures, permissions, encryption, ranges, conditions, versions and listings.
 */
export async function startS3(faults: S3Faults = () => undefined, port = 0): Promise<S3Server> {
  const objects = new Map<string, StoredObject>();
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://s3").pathname);
    const body = await buffer(request);
    if (request.method === "PUT") {
      const stored = toStoredObject(request.headers, body, Date.now());
      if (stored === undefined) refuse(response, 501, "NotImplemented");
      else {
        objects.set(path, stored);
        response.writeHead(200, { etag: stored.headers.etag }).end();
      }
    } else if (request.method === "GET") answerGet(response, path, objects, faults(path));
    else refuse(response, 501, "NotImplemented");
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return { url: urlOf(server), close: () => closeServer(server) };
}

function answerGet(
  response: ServerResponse,
  path: string,
  objects: ReadonlyMap<string, StoredObject>,
  fault: S3Fault | undefined,
): void {
  const stored = objects.get(path);
  if (fault?.kind === "deny") refuse(response, 403, "AccessDenied");
  else if (stored === undefined) {
    const bucket = path.split("/", 2).join("/");
    const hasBucket = [...objects.keys()].some((key) => key.startsWith(`${bucket}/`));
    refuse(response, 404, hasBucket ? "NoSuchKey" : "NoSuchBucket");
  } else {
    response.writeHead(200, stored.headers);
    if (fault === undefined) response.end(stored.body);
    else response.write(stored.body.subarray(0, fault.afterBytes), () => response.destroy());
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  );
}

interface StoredObject {
  body: Buffer;
  /** The headers of GetObject. */
  headers: Record<string, string> & { etag: string };
}

/** Returns the object that a PutObject stores; `undefined` for an upload in signed chunks, which are not modelled. */
function toStoredObject(given: IncomingHttpHeaders, body: Buffer, now: number): StoredObject | undefined {
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
      // S3 cuts the time to whole seconds.
      "last-modified": new Date(now).toUTCString(),
    },
  };
}
