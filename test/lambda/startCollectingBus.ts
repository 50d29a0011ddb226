import * as z from "zod";
import { startEventBridge } from "../../packages/aws-local/eventbridge/eventBridgeServer.ts";
import type { BusFaults } from "../../packages/aws-local/eventbridge/eventModel.ts";
import { eventOrigin } from "../../packages/aws-local/localAccount.ts";

const delivered = z.object({ source: z.string(), "detail-type": z.string(), detail: z.unknown() });

/** A bus, as the real SDK client sees it, that keeps what it accepts. */
export async function startCollectingBus(faults: BusFaults = {}) {
  const events: z.output<typeof delivered>[] = [];
  const arn = "arn:aws:sqs:us-east-1:123456789012:all";
  const server = await startEventBridge({
    busNames: ["rollcall-dev"],
    rules: [
      {
        name: "all",
        arn: "arn:aws:events:us-east-1:123456789012:rule/rollcall-dev/all",
        busName: "rollcall-dev",
        enabled: true,
        pattern: { source: [{ prefix: "" }] },
        targets: [{ id: "all", arn }],
      },
    ],
    origin: eventOrigin,
    faults,
    deliver: async ({ body }) => {
      events.push(delivered.parse(JSON.parse(body)));
      return { kind: "delivered" };
    },
  });
  /** What has come so far. */
  const taken = async () => {
    await server.idle();
    return events.splice(0);
  };
  return { url: server.url, taken, close: server.close };
}
