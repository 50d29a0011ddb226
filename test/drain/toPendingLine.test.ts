import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toPendingLine } from "../../src/drain/toPendingLine.ts";
import { parseHrEvent } from "../../src/events/parseHrEvent.ts";
import { toEntry } from "../../src/events/toEntry.ts";
import { noon } from "./samples.ts";

const metadata = { id: "e-1", schemaVersion: "1.0", occurredAt: "2026-05-14T11:00:00Z" };
const data = { personId: "p-1", email: "ada@example.com" };
const envelope = {
  version: "0",
  id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
  "detail-type": "EmployeeHired",
  source: "acme.hr",
  account: "123456789012",
  resources: [],
  detail: { metadata, data },
};

describe("the line of an event that waits", () => {
  it("has the event, and not the envelope that the bus will put around it anew", () => {
    const line = toPendingLine(JSON.stringify(envelope), undefined);
    expect(JSON.parse(line)).toEqual({
      source: "acme.hr",
      "detail-type": "EmployeeHired",
      detail: { metadata, data },
    });
  });

  it("says since when the event waits, in place of what it said before", () => {
    const before = { ...metadata, waitingSince: "2026-01-01T00:00:00.000Z" };
    const body = JSON.stringify({ ...envelope, detail: { metadata: before, data } });
    expect(JSON.parse(toPendingLine(body, noon)).detail).toEqual({
      metadata: { ...metadata, waitingSince: "2026-05-14T12:00:00.000Z" },
      data,
    });
  });

  it("keeps every field that the schema does not know, wherever it stands", () => {
    fc.assert(
      fc.property(unknownFields, unknownFields, unknownFields, (inDetail, inMetadata, inData) => {
        const detail = {
          ...inDetail,
          metadata: { ...inMetadata, ...metadata },
          data: { ...inData, ...data },
        };
        const body = JSON.stringify({ ...envelope, detail });
        const came = JSON.parse(body).detail;
        expect(JSON.parse(toPendingLine(body, noon)).detail).toEqual({
          ...came,
          metadata: { ...came.metadata, waitingSince: "2026-05-14T12:00:00.000Z" },
        });
      }),
    );
  });

  it("can be published, and is read as the same event", () => {
    const entry = toEntry(Buffer.from(toPendingLine(JSON.stringify(envelope), noon)), { unchecked: false });
    const detail = entry.status === "entry" ? JSON.parse(entry.entry.detail) : undefined;
    const waitingSince = "2026-05-14T12:00:00.000Z";
    expect(parseHrEvent("EmployeeHired", detail)).toEqual({
      ok: true,
      event: { type: "EmployeeHired", metadata: { ...metadata, waitingSince }, data },
    });
  });

  it.each(["", "[]", '{"detail": 1}', '{"detail": {"metadata": null}}'])(
    "cannot be made of %j, which was never read as an event",
    (body) => {
      expect(() => toPendingLine(body, noon)).toThrow("which was read before, to be an object");
    },
  );

  it("is the same when it is put off again and again, but for the time", () => {
    const once = toPendingLine(JSON.stringify(envelope), noon);
    expect(toPendingLine(once, noon)).toEqual(once);
  });
});

const unknownFields = fc.dictionary(
  fc.string({ unit: "binary" }).filter((name) => !["metadata", "data", "waitingSince"].includes(name)),
  fc.jsonValue(),
);
