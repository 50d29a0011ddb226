import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AwsClient } from "aws4fetch";
import { describe, expect, it, onTestFinished } from "vitest";
import { devAccount } from "../../../dev/service/devAccount.ts";
import { type S3Faults, startS3 } from "../../../packages/aws-local/s3/startS3.ts";
import { RosterFault } from "../../../src/reconcile/reading/rosterRow.ts";
import { s3RosterSource, toAsOf, toObjectUrl } from "../../../src/reconcile/s3/s3RosterSource.ts";
import { noon } from "../../provisioning/samples.ts";

describe("a roster in S3", () => {
  const key = "exports/workers of today+ü.csv";
  const { region, credentials } = devAccount;

  async function startSource(faults?: S3Faults) {
    const server = await startS3(faults);
    onTestFinished(server.close);
    const sdk = new S3Client({ region, credentials, endpoint: server.url, forcePathStyle: true });
    const put = (Body: string, Metadata: Record<string, string> = {}) =>
      sdk.send(new PutObjectCommand({ Bucket: "acme-hr", Key: key, Body, Metadata }));
    const client = new AwsClient({ ...credentials, service: "s3", region, retries: 0 });
    const place = { region, bucket: "acme-hr", key, endpoint: server.url };
    const source = s3RosterSource({ client, ...place, clock: Date.now });
    return { put, open: () => source.open(AbortSignal.timeout(300_000)) };
  }

  async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

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

  it("is not opened with a malformed time", async () => {
    const { put, open } = await startSource();
    await put("id\n1\n", { "as-of": "today" });
    await expect(open()).rejects.toThrow("expected the object's metadata as-of to be a time");
  });

  it("that is missing or forbidden fails with a message that says what to look at", async () => {
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

describe("toObjectUrl", () => {
  it("an object's address has the bucket as a host, unless that has dots or the endpoint is another", () => {
    const at = { region: "eu-central-1", bucket: "acme-hr", key: "exports/a b+c.csv" };
    expect([
      toObjectUrl(at),
      toObjectUrl({ ...at, bucket: "acme.hr" }),
      toObjectUrl({ ...at, region: "cn-north-1" }),
      toObjectUrl({ ...at, endpoint: "http://127.0.0.1:1" }),
    ]).toEqual([
      "https://acme-hr.s3.eu-central-1.amazonaws.com/exports/a%20b%2Bc.csv",
      "https://s3.eu-central-1.amazonaws.com/acme.hr/exports/a%20b%2Bc.csv",
      "https://acme-hr.s3.cn-north-1.amazonaws.com.cn/exports/a%20b%2Bc.csv",
      "http://127.0.0.1:1/acme-hr/exports/a%20b%2Bc.csv",
    ]);
  });
});

describe("the time of a stored roster", () => {
  it("is when it was written, and never later than now", () => {
    const at = (writtenAt: number) => toAsOf({ stated: undefined, writtenAt }, noon);
    expect([at(noon - 5), at(noon + 5)]).toEqual([noon - 5, noon]);
  });

  it("is rather what the export says, in any time zone", () => {
    const at = (stated: string) => toAsOf({ stated, writtenAt: noon }, noon);
    expect([at("2026-05-14T11:00:00Z"), at("2026-05-14T11:00:00+02:00")]).toEqual([
      noon - 3_600_000,
      noon - 3 * 3_600_000,
    ]);
  });

  it.each(["yesterday", "2026-05-14", "2026-05-14T11:00:00", "2026-02-31T11:00:00Z", ""])(
    "is not guessed where the export says %j",
    (stated) => {
      const read = () => toAsOf({ stated, writtenAt: noon }, noon);
      expect(read).toThrow(RosterFault);
      expect(read).toThrow("expected the object's metadata as-of to be a time such as 2026-05-14T06:00:00Z");
    },
  );

  it("must not be still to come, because the roster would go before every decision until then", () => {
    const read = () => toAsOf({ stated: "2026-05-14T12:00:00.001Z", writtenAt: noon }, noon);
    expect(read).toThrow("metadata as-of, 2026-05-14T12:00:00.001Z, is still to come");
  });
});
