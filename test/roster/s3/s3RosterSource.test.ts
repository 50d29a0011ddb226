import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AwsClient } from "aws4fetch";
import { describe, expect, it, onTestFinished } from "vitest";
import { type S3Faults, startS3 } from "../../../src/local/s3/startS3.ts";
import { localAccount } from "../../../src/local/stack/localAccount.ts";
import { s3RosterSource } from "../../../src/roster/s3/s3RosterSource.ts";

const key = "exports/workers of today+ü.csv";
const { region, credentials } = localAccount;

async function startSource(faults?: S3Faults) {
  const server = await startS3(faults);
  onTestFinished(server.close);
  const sdk = new S3Client({ region, credentials, endpoint: server.url, forcePathStyle: true });
  const put = (Body: string, Metadata: Record<string, string> = {}) =>
    sdk.send(new PutObjectCommand({ Bucket: "acme-hr", Key: key, Body, Metadata }));
  const client = new AwsClient({ ...credentials, service: "s3", region, retries: 0 });
  const place = { region, bucket: "acme-hr", key, endpoint: server.url };
  const source = s3RosterSource({ client, ...place, clock: Date.now });
  return { put, open: () => source.open(AbortSignal.timeout(10_000)) };
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe("a roster in S3", () => {
  it("is read as it was put, of the time that the export says", async () => {
    const { put, open } = await startSource();
    const { ETag } = await put("id\n1\n", { "as-of": "2026-05-14T06:00:00Z" });
    const { bytes, ...opened } = await open();
    expect([await textOf(bytes), opened]).toEqual([
      "id\n1\n",
      { asOf: Date.parse("2026-05-14T06:00:00Z"), etag: ETag },
    ]);
  });

  it("is of when it was written, where the export says nothing", async () => {
    const { put, open } = await startSource();
    const before = Math.floor(Date.now() / 1000) * 1000;
    await put("id\n1\n");
    const { asOf } = await open();
    expect(asOf >= before && asOf <= Date.now()).toBe(true);
  });

  it("is not opened at a time that is none", async () => {
    const { put, open } = await startSource();
    await put("id\n1\n", { "as-of": "today" });
    await expect(open()).rejects.toThrow("expected the object's metadata as-of to be a time");
  });

  it("that is not there, or forbidden, is told with what to look at", async () => {
    const { open } = await startSource();
    await expect(open()).rejects.toThrow(
      `expected the roster s3://acme-hr/${key}; got 404, NoSuchBucket. Look whether it is there`,
    );
    const denied = await startSource(() => ({ kind: "deny" }));
    await expect(denied.open()).rejects.toThrow("got 403, AccessDenied");
  });

  it("fails where the transfer breaks off, and is never taken for a whole one", async () => {
    const { put, open } = await startSource(() => ({ kind: "breakOff", afterBytes: 5 }));
    await put("id\n1\n2\n");
    const read = async () => textOf((await open()).bytes);
    await expect(read()).rejects.toThrow(`s3://acme-hr/${key} broke off before its end`);
  });
});
