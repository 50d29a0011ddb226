import { startEventBridge } from "../../packages/aws-local/eventbridge/eventBridgeServer.ts";
import type { BusFaults } from "../../packages/aws-local/eventbridge/eventModel.ts";

/** A PutEvents endpoint that keeps what it takes. */
export async function startTakingBus(faults: BusFaults = {}) {
  const taken: unknown[] = [];
  const calls: number[] = [];
  const server = await startEventBridge({
    busNames: ["rollcall-dev", "other"],
    rules: [
      {
        name: "everything",
        arn: "arn:aws:events:us-east-1:123456789012:rule/rollcall-dev/everything",
        busName: "rollcall-dev",
        enabled: true,
        pattern: { source: [{ prefix: "" }] },
        targets: [{ id: "queue", arn: "arn:aws:sqs:us-east-1:123456789012:all" }],
      },
    ],
    deliver: async ({ body }) => {
      taken.push(JSON.parse(body).detail);
      return { kind: "delivered" };
    },
    origin: { account: "123456789012", region: "us-east-1" },
    faults: {
      ...faults,
      call: (call) => {
        calls.push(call.entries.length);
        return faults.call?.(call);
      },
    },
  });
  return {
    url: server.url,
    /** Entries of each call, refused ones too. */
    calls,
    report: server.report,
    close: server.close,
    /** The `metadata.id`s of what has arrived, sorted: EventBridge keeps no order. */
    takenIds: async () => {
      await server.idle();
      return taken.map((detail) => (detail as { metadata: { id: string } }).metadata.id).sort();
    },
    taken: async () => {
      await server.idle();
      return taken;
    },
  };
}

export type TakingBus = Awaited<ReturnType<typeof startTakingBus>>;
