import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it, onTestFinished } from "vitest";
import { devAccount } from "../../../../dev/service/devAccount.ts";
import { type S3Faults, startS3 } from "../../../../packages/aws-local/s3/startS3.ts";

async function start(faults?: S3Faults) {
  const server = await startS3(faults);
  const { region, credentials } = devAccount;
  const client = new S3Client({
    region,
    credentials,
    endpoint: server.url,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await server.close();
  });
  const put = (Key: string, Body: string, Metadata: Record<string, string> = {}) =>
    client.send(new PutObjectCommand({ Bucket: "acme-hr", Key, Body, Metadata, ContentType: "text/csv" }));
  const get = (Bucket: string, Key: string) => client.send(new GetObjectCommand({ Bucket, Key }));
  return { put, get };
}

it("S3 gives back what was put, with its metadata, its ETag and its time in whole seconds", async () => {
  const { put, get } = await start();
  const before = Math.floor(Date.now() / 1000) * 1000;
  const { ETag } = await put("exports/a b+ü.csv", "id\n1\n", { "as-of": "2026-05-14T06:00:00Z" });
  const found = await get("acme-hr", "exports/a b+ü.csv");
  const writtenAt = found.LastModified?.getTime() ?? 0;
  expect({
    body: await found.Body?.transformToString(),
    metadata: found.Metadata,
    type: found.ContentType,
    etag: found.ETag,
    isTimely: writtenAt >= before && writtenAt <= Date.now() && writtenAt % 1000 === 0,
  }).toEqual({
    body: "id\n1\n",
    metadata: { "as-of": "2026-05-14T06:00:00Z" },
    type: "text/csv",
    etag: ETag,
    isTimely: true,
  });
});

it("S3 says what is not there, and what is forbidden", async () => {
  const { put, get } = await start((path) => (path.endsWith("secret") ? { kind: "deny" } : undefined));
  await put("secret", "x");
  const codes = await Promise.all(
    [get("acme-hr", "missing"), get("other", "missing"), get("acme-hr", "secret")].map((answer) =>
      answer.then(
        () => "answered",
        ({ name, $metadata }) => `${$metadata.httpStatusCode} ${name}`,
      ),
    ),
  );
  expect(codes).toEqual(["404 NoSuchKey", "404 NoSuchBucket", "403 AccessDenied"]);
});

it("S3 breaks off a transfer where it is told to", async () => {
  const { put, get } = await start(() => ({ kind: "breakOff", afterBytes: 3 }));
  await put("a", "0123456789");
  await expect(get("acme-hr", "a").then(({ Body }) => Body?.transformToString())).rejects.toThrow();
});
