import { describe, expect, it } from "vitest";
import {
  type Delivery,
  type DeliveryResult,
  deliverToTarget,
} from "../../../../packages/aws-local/eventbridge/delivery.ts";

const target = { id: "queue", arn: "arn:queue", deadLetterArn: "arn:dlq" };
const rule = { name: "leavers", arn: "arn:rule", busName: "hr", enabled: true, targets: [target] };
const passing: DeliveryResult = {
  kind: "failed",
  code: "THROTTLING",
  message: "slow down",
  isRetryable: true,
};
const lasting: DeliveryResult = {
  kind: "failed",
  code: "NO_PERMISSIONS",
  message: "no policy",
  isRetryable: false,
};
const delivered: DeliveryResult = { kind: "delivered" };

/** Answers the deliveries to each receiver from its list, in order; the last answer stays. */
async function run(
  answers: Record<string, (DeliveryResult | Error)[]>,
  change: { deadLetterArn?: undefined; maximumRetryAttempts?: number } = {},
) {
  const deliveries: Delivery[] = [];
  const waits: number[] = [];
  const { deadLetterArn, ...other } = { ...target, ...change };
  const outcome = await deliverToTarget(
    { rule, target: { ...other, ...(deadLetterArn && { deadLetterArn }) }, body: "{}" },
    {
      deliver: async (delivery) => {
        deliveries.push(delivery);
        const list = answers[delivery.receiverArn] ?? [];
        const answer = list.length > 1 ? list.shift() : list[0];
        if (answer === undefined || answer instanceof Error) throw answer ?? new Error("nothing scripted");
        return answer;
      },
      retries: { maximumRetries: 3, firstDelayMilliseconds: 10 },
      wait: async (milliseconds) => void waits.push(milliseconds),
    },
  );
  return {
    outcome,
    receivers: deliveries.map(({ receiverArn }) => receiverArn),
    waits,
    last: deliveries.at(-1),
  };
}

describe("deliverToTarget", () => {
  it("delivers at the first try if it can", async () => {
    expect(await run({ "arn:queue": [delivered] })).toEqual({
      outcome: { kind: "delivered" },
      receivers: ["arn:queue"],
      waits: [],
      last: { ruleArn: "arn:rule", receiverArn: "arn:queue", body: "{}", attributes: {} },
    });
  });

  it("tries again what may pass, waiting longer each time", async () => {
    const { outcome, receivers, waits } = await run({
      "arn:queue": [passing, new Error("reset"), delivered],
    });
    expect({ outcome, receivers, waits }).toEqual({
      outcome: { kind: "delivered" },
      receivers: ["arn:queue", "arn:queue", "arn:queue"],
      waits: [10, 20],
    });
  });

  it("sends an event whose retries are used up to the dead-letter queue, with AWS's attributes", async () => {
    const { outcome, receivers, last } = await run({ "arn:queue": [passing], "arn:dlq": [delivered] });
    expect({ outcome, receivers, last }).toEqual({
      outcome: { kind: "deadLettered", failure: passing },
      receivers: ["arn:queue", "arn:queue", "arn:queue", "arn:queue", "arn:dlq"],
      last: {
        ruleArn: "arn:rule",
        receiverArn: "arn:dlq",
        body: "{}",
        attributes: {
          RULE_ARN: "arn:rule",
          TARGET_ARN: "arn:queue",
          ERROR_CODE: "THROTTLING",
          ERROR_MESSAGE: "slow down",
          RETRY_ATTEMPTS: "3",
          EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
        },
      },
    });
  });

  it("does not try again what will not pass", async () => {
    const { receivers, last } = await run({ "arn:queue": [lasting], "arn:dlq": [delivered] });
    expect({ receivers, attributes: last?.attributes }).toEqual({
      receivers: ["arn:queue", "arn:dlq"],
      attributes: {
        RULE_ARN: "arn:rule",
        TARGET_ARN: "arn:queue",
        ERROR_CODE: "NO_PERMISSIONS",
        ERROR_MESSAGE: "no policy",
        RETRY_ATTEMPTS: "0",
      },
    });
  });

  it("honours a retry limit of the target that is smaller than its own", async () => {
    const { receivers } = await run(
      { "arn:queue": [passing], "arn:dlq": [delivered] },
      { maximumRetryAttempts: 1 },
    );
    expect(receivers).toEqual(["arn:queue", "arn:queue", "arn:dlq"]);
  });

  it("says that an event is dropped if there is no dead-letter queue", async () => {
    const { outcome } = await run({ "arn:queue": [lasting] }, { deadLetterArn: undefined });
    expect(outcome).toEqual({ kind: "dropped", failure: lasting });
  });

  it("says that an event is dropped if the dead-letter queue does not take it either", async () => {
    const { outcome } = await run({ "arn:queue": [passing], "arn:dlq": [lasting] });
    expect(outcome).toEqual({ kind: "dropped", failure: passing, deadLetterFailure: lasting });
  });
});
