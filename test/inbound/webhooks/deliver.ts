import { readFile } from "node:fs/promises";
import * as z from "zod";
import { type InboundEvent, toEventLine } from "../../../src/inbound/inboundEvent.ts";
import { recallFrom } from "../../../src/inbound/webhooks/ingestReadings.ts";
import { receiveWebhook } from "../../../src/inbound/webhooks/receiveWebhook.ts";
import type { VendorResponse } from "../../../src/inbound/webhooks/vendor.ts";
import { vendors } from "../../../src/inbound/webhooks/vendors.ts";
import type { RememberedAddresses } from "../../../src/ledger/addressMemory.ts";
import { personQualifier } from "../../../src/policy/policyRules.ts";

/** A request as a vendor sends it, and what its API and the ledger say when they are asked. */
export interface TestDelivery {
  vendor: "bamboohr" | "hibob" | "gusto";
  parameter: object;
  body: string;
  headers: Readonly<Record<string, string>>;
  now: number;
  apiAnswer?: VendorResponse;
  /** By the person's id. */
  remembered?: Readonly<Record<string, RememberedAddresses>>;
  /** The origins whose ids are those of one system, by namespace. */
  namespaces?: Record<string, string[]>;
}

const line = z.object({
  "detail-type": z.string(),
  detail: z.object({
    metadata: z.object({ occurredAt: z.string() }),
    data: z.record(z.string(), z.unknown()),
  }),
});

/** Hands the request to the vendors' real adapters: the status, why an event is missing, the events, and what was asked. */
export async function deliver({
  vendor,
  parameter,
  body,
  headers,
  now,
  apiAnswer,
  remembered,
  namespaces = {},
}: TestDelivery) {
  const events: InboundEvent[] = [];
  const asked: string[] = [];
  const { status, notPublished } = await receiveWebhook(
    { method: "POST", path: `/${vendor}`, headers, body: Buffer.from(body) },
    {
      vendors,
      now,
      parameters: { read: async () => JSON.stringify(parameter), write: async () => undefined },
      callApi: async ({ url }) => {
        asked.push(url);
        return apiAnswer ?? { kind: "notFound" };
      },
      recall: recallFrom(
        { addressesOf: async (personId) => remembered?.[personId] ?? { kind: "unknown" } },
        personQualifier({ personIds: { namespaces } }),
      ),
      publish: async (published) => {
        events.push(...published);
        return published.map(({ id }) => ({ kind: "accepted", id }));
      },
    },
  );
  const said = events.map((event) => {
    const { "detail-type": type, detail } = line.parse(JSON.parse(toEventLine(event)));
    const said: Record<string, unknown> = { type, occurredAt: detail.metadata.occurredAt, ...detail.data };
    return said;
  });
  return { status, why: notPublished.map(({ why }) => why), events: said, asked };
}

/** What stands in a file of `test/fixtures/webhooks`. */
export function readFixture(name: string): Promise<string> {
  return readFile(`test/fixtures/webhooks/${name}`, "utf8");
}
