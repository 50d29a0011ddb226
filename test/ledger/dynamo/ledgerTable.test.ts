import { describe, expect, it } from "vitest";
import { parseHrEvent } from "../../../src/events/parseEvent.ts";
import { addressKey, eventKey, headKey, pendingKey } from "../../../src/ledger/dynamo/ledgerTable.ts";

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const partitionKeyBytes = 2048;
const sortKeyBytes = 1024;

describe("the ledger's keys", () => {
  it("take the longest ids and addresses that an event may have, in the script that needs the most bytes", () => {
    const id = "€".repeat(128);
    const email = `${"€".repeat(252 - 1)}@€.€`.slice(-254);
    const event = {
      metadata: { id, schemaVersion: "1.0", occurredAt: "2026-05-14T12:00:00Z" },
      data: { personId: id, email },
    };
    expect(parseHrEvent("EmployeeLeft", event).ok).toBe(true);
    const person = eventKey(id, id);
    const address = addressKey("a".repeat(256), email);
    expect(Buffer.byteLength(person.pk.S)).toBeLessThanOrEqual(partitionKeyBytes);
    expect(Buffer.byteLength(person.sk.S)).toBeLessThanOrEqual(sortKeyBytes);
    expect(Buffer.byteLength(address.pk.S)).toBeLessThanOrEqual(partitionKeyBytes);
  });

  it("of the default target are those of earlier releases, and no other target's are equal to any of them", () => {
    const keys = [undefined, "scim"].map((target) =>
      [
        headKey("ada", "access", target),
        eventKey("ada", "e-1", target),
        pendingKey("ada", "offboard", target),
      ].map(({ sk }) => sk.S),
    );
    expect(keys).toEqual([
      ["head#access", "event#e-1", "pending#offboard"],
      ["head#access@scim", "event@scim#e-1", "pending#offboard@scim"],
    ]);
  });
});
