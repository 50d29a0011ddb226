import { expect, it } from "vitest";
import { toObjectUrl } from "../../../src/roster/s3/toObjectUrl.ts";

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
