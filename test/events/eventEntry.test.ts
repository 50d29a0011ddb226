import { describe, expect, it } from "vitest";
import { seededRandom } from "../../dev/sampleDay/seededRandom.ts";
import { entrySizeBytes, MAX_REQUEST_BYTES } from "../../src/events/eventBus.ts";
import { MAX_LINE_BYTES, toEntry } from "../../src/events/eventEntry.ts";
import { detailTypes } from "../../src/events/hrEvent.ts";
import { parseEnvelope } from "../../src/events/parseEvent.ts";
import { hostileBodies } from "../provisioning/hostileBodies.ts";
import { leaver, malformedLeaver } from "./eventLines.ts";

const check = (text: string | Buffer) => toEntry(Buffer.from(text), { unchecked: false });
const checkUnchecked = (text: string) => toEntry(Buffer.from(text), { unchecked: true });
const detailOf = (text: string) => JSON.stringify(JSON.parse(text).detail);

describe("toEntry", () => {
  it("makes an entry of a line, with the detail as it came and the usual source", () => {
    expect(check(` ${leaver("e1", 3)} \r\n`)).toEqual({
      status: "entry",
      entry: { source: "rollcall.hr", detailType: "EmployeeLeft", detail: detailOf(leaver("e1", 3)) },
    });
  });

  it("keeps the line's own source, and reads past a byte order mark", () => {
    const line = JSON.stringify({ ...JSON.parse(leaver("e1")), source: "acme.people" });
    expect(check(`\ufeff${line}`)).toMatchObject({ entry: { source: "acme.people" } });
  });

  it.each([["aws.hr"], [""], [" x"], [7], [null], ["x".repeat(257)]])("refuses the source %j", (source) => {
    const line = JSON.stringify({ ...JSON.parse(leaver("e1")), source });
    const message = 'source: expected text of 1 to 256 characters that does not begin with "aws."';
    expect(check(line)).toEqual({ status: "refused", code: "InvalidSource", message });
  });

  it("reports what is malformed, and takes it unchecked when asked to", () => {
    expect(check(malformedLeaver("e1"))).toMatchObject({
      status: "malformed",
      problems: [{ path: "metadata.schemaVersion" }, { path: "metadata.occurredAt" }, { path: "data" }],
    });
    expect(checkUnchecked(malformedLeaver("e1"))).toEqual({
      status: "entry",
      entry: { source: "rollcall.hr", detailType: "EmployeeLeft", detail: '{"metadata":{"id":"e1"}}' },
    });
    expect(checkUnchecked('{"detail-type": "EmployeeLeft", "detail": 5}')).toMatchObject({
      entry: { detail: "5" },
    });
  });

  it.each([
    ["{'a': 1}", "NotJson", "expected a JSON object, complete on this line"],
    ["{", "NotJson", "expected a JSON object, complete on this line"],
    ["[]", "NotJson", "expected a JSON object, complete on this line"],
    ["null", "NotJson", "expected a JSON object, complete on this line"],
    ["[".repeat(1002), "TooDeep", "expected JSON of at most 500 levels; got more"],
    [
      `[${"0,".repeat(10_000)}`,
      "TooManyValues",
      "expected at most 10000 fields and elements in all; got more",
    ],
    [
      '{"detail-type": "Hired", "detail": {}}',
      "UnknownDetailType",
      `detail-type: expected one of ${detailTypes.join(", ")}; got a string of 5 characters; no rule would match it`,
    ],
  ])("refuses %.40s, checked or not", (line, code, message) => {
    const refused = { status: "refused", code, message };
    expect([check(line), checkUnchecked(line)]).toEqual([refused, refused]);
  });

  it("refuses an unchecked line without a detail, which has nothing to send", () => {
    expect(checkUnchecked('{"detail-type": "EmployeeLeft"}')).toEqual({
      status: "refused",
      code: "NoDetail",
      message: "detail: expected an object; got nothing",
    });
  });

  it("refuses bytes that are not UTF-8 rather than alter them", () => {
    const line = Buffer.concat([Buffer.from('{"detail-type":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(check(line)).toMatchObject({ status: "refused", code: "NotUtf8" });
  });

  it("refuses an entry at the size limit, counted in bytes, and takes one below it", () => {
    const overhead = entrySizeBytes({
      source: "rollcall.hr",
      detailType: "EmployeeLeft",
      detail: detailOf(leaver("e1", 1)),
    });
    const atLimit = MAX_REQUEST_BYTES - overhead + 1;
    expect(check(leaver("e1", atLimit - 1))).toMatchObject({ status: "entry" });
    expect(check(leaver("e1", atLimit))).toEqual({
      status: "refused",
      code: "TooLarge",
      message: "expected an entry of less than 262144 bytes; got 262144",
    });
    expect(check(leaver("e1", atLimit - 1).replace("xx", "é"))).toMatchObject({ status: "entry" });
    expect(check(leaver("e1", atLimit - 1).replace("x", "é"))).toMatchObject({ code: "TooLarge" });
  });

  it("refuses an absurdly long line without reading it", () => {
    expect(check("x".repeat(MAX_LINE_BYTES + 1))).toMatchObject({ code: "TooLarge" });
    expect(check("x".repeat(MAX_LINE_BYTES))).toMatchObject({ code: "NotJson" });
  });

  it("ends with a result for hostile lines too, and sends no detail that its consumer could not open", () => {
    const random = seededRandom(5);
    const kinds = Object.values(hostileBodies);
    const statuses = new Map<string, number>();
    for (let line = 0; line < 5000; line += 1) {
      const body = kinds[line % kinds.length]?.(random) ?? "";
      const checked = check(body);
      const { status } = checkUnchecked(body);
      for (const key of [checked.status, `unchecked ${status}`]) {
        statuses.set(key, (statuses.get(key) ?? 0) + 1);
      }
      if (checked.status !== "entry") continue;
      const { detailType, detail } = checked.entry;
      const delivered = JSON.stringify({ "detail-type": detailType, detail: JSON.parse(detail) });
      expect(parseEnvelope(delivered).ok).toBe(true);
    }
    expect([...statuses.keys()].sort()).toEqual([
      "entry",
      "malformed",
      "refused",
      "unchecked entry",
      "unchecked refused",
    ]);
  });
});
