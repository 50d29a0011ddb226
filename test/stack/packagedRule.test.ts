import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mayDeliver } from "../../packages/aws-local/cloudformation/mayDeliver.ts";
import { readTemplate } from "../../packages/aws-local/cloudformation/readTemplate.ts";
import { startEventBridge } from "../../packages/aws-local/eventbridge/eventBridgeServer.ts";
import { sqsTarget } from "../../packages/aws-local/eventbridge/sqsTarget.ts";
import { context, sampleTemplate } from "../packages/aws-local/cloudformation/sampleTemplate.ts";
import {
  credentials,
  type LocalQueues,
  queueArn,
  startQueues,
} from "../packages/aws-local/eventbridge/localQueues.ts";

const queue = queueArn("rollcall-dev-leave");
const deadLetters = queueArn("rollcall-dev-LeaveDlq");
const ruleArn = "arn:aws:events:us-east-1:123456789012:rule/rollcall-dev-hr/rollcall-dev-LeaveRule";
let queues: LocalQueues;

beforeAll(async () => {
  queues = await startQueues(["rollcall-dev-leave", "rollcall-dev-LeaveDlq"]);
});
afterAll(() => queues.close());

/** Publishes one event to the sample's bus, with the policy that lets the rule into those queues only. */
async function publishWhereOpen(openQueues: readonly string[]) {
  const template = sampleTemplate();
  const statement = {
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: openQueues,
    Condition: { ArnEquals: { "aws:SourceArn": { "Fn::GetAtt": ["LeaveRule", "Arn"] } } },
  };
  const Queues = [{ Ref: "LeaveQueue" }, { Ref: "LeaveDlq" }];
  template.Resources.LeavePolicy = {
    Type: "AWS::SQS::QueuePolicy",
    Properties: { Queues, PolicyDocument: { Statement: statement } },
  };
  const model = readTemplate(template, context);
  const policies = new Map(model.queues.map(({ arn, policy }) => [arn, policy]));
  const server = await startEventBridge({
    busNames: model.buses.map(({ name }) => name),
    rules: model.rules,
    origin: { account: context.accountId, region: context.region },
    deliver: sqsTarget({
      client: queues.client,
      queueUrl: (arn) => queues.urls.get(arn),
      mayDeliver: (request) => mayDeliver(policies.get(request.queueArn), request),
    }),
  });
  const client = new EventBridgeClient({ endpoint: server.url, region: "us-east-1", credentials });
  const entry = { Source: "hr", DetailType: "EmployeeLeft", Detail: "{}", EventBusName: "rollcall-dev-hr" };
  await client.send(new PutEventsCommand({ Entries: [entry] }));
  await server.idle();
  client.destroy();
  await server.close();
  return server.report();
}

it("delivers an event through a packaged rule whose queue lets it in", async () => {
  const { delivered, deadLettered, dropped } = await publishWhereOpen([queue]);
  const bodies = (await queues.drain(queue)).map(({ Body }) => JSON.parse(Body ?? "")["detail-type"]);
  expect({ delivered, deadLettered, dropped, bodies }).toEqual({
    delivered: 1,
    deadLettered: 0,
    dropped: [],
    bodies: ["EmployeeLeft"],
  });
});

it("sends the event to the dead letters with NO_PERMISSIONS if the queue's policy forgets the rule", async () => {
  const { delivered, deadLettered } = await publishWhereOpen([deadLetters]);
  const [message] = await queues.drain(deadLetters);
  const attributes = Object.entries(message?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
    name,
    StringValue,
  ]);
  expect({ delivered, deadLettered, attributes: Object.fromEntries(attributes) }).toEqual({
    delivered: 0,
    deadLettered: 1,
    attributes: {
      RULE_ARN: ruleArn,
      TARGET_ARN: queue,
      ERROR_CODE: "NO_PERMISSIONS",
      ERROR_MESSAGE: expect.stringContaining(`No policy lets ${ruleArn} send to ${queue}`),
      RETRY_ATTEMPTS: "0",
    },
  });
});

it("drops the event, and says so, if neither queue lets the rule in", async () => {
  const { delivered, deadLettered, dropped } = await publishWhereOpen(["arn:aws:sqs:::other"]);
  expect({ delivered, deadLettered, dropped }).toEqual({
    delivered: 0,
    deadLettered: 0,
    dropped: [
      {
        eventId: expect.any(String),
        ruleArn,
        targetArn: queue,
        failure: expect.objectContaining({ code: "NO_PERMISSIONS" }),
        deadLetterFailure: expect.objectContaining({ code: "NO_PERMISSIONS" }),
      },
    ],
  });
});
