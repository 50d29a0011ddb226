import { describe, expect, it } from "vitest";
import { readEvent } from "../../../bench/contenders/readEvent.ts";
import { personOf } from "../../../bench/scenarios/people.ts";
import { toSqsRecord } from "../../../bench/scenarios/toSqsRecord.ts";

describe("a record of the bench", () => {
  it("holds an event that passes the schema and names the user", () => {
    const record = toSqsRecord({ ordinal: 7, intent: "offboard", byEmail: false, fails: false });
    const { type, data } = readEvent(record.body);
    expect({ type, data }).toEqual({ type: "EmployeeLeft", data: personOf(7) });
  });

  it("leaves the user's id out where the directory is to be asked", () => {
    const record = toSqsRecord({ ordinal: 7, intent: "relicense", byEmail: true, fails: false });
    const { personId, email } = personOf(7);
    const { type, data } = readEvent(record.body);
    expect({ type, data }).toEqual({ type: "LicenseChanged", data: { personId, email, licenseType: "Pro" } });
  });
});
