import { describe, expect, it } from "vitest";
import { arnOf, idOf, properties, resources, resourcesOf } from "./packagedTemplate.ts";

describe("the ledger's table", () => {
  it("is the only one, costs nothing at rest, and can be restored", () => {
    expect(resourcesOf("AWS::DynamoDB::Table")).toEqual([
      {
        id: "LedgerTable",
        properties: expect.objectContaining({
          TableName: `${idOf("AWS::StackName")}-ledger`,
          BillingMode: "PAY_PER_REQUEST",
          SSESpecification: { SSEEnabled: true },
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          DeletionProtectionEnabled: true,
          TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
        }),
      },
    ]);
  });

  it("outlives the stack, and no deployment that creates it and fails", () => {
    const { DeletionPolicy, UpdateReplacePolicy } = resources.LedgerTable ?? {};
    expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({
      DeletionPolicy: "RetainExceptOnCreate",
      UpdateReplacePolicy: "Retain",
    });
  });
});

describe("the function that publishes due decisions", () => {
  it("runs every minute and ends before it runs again", () => {
    const targets = [{ Id: expect.any(String), Arn: arnOf("PublishDueLambdaFunction") }];
    const rules = resourcesOf("AWS::Events::Rule").filter(({ properties }) =>
      JSON.stringify(properties.Targets).includes(arnOf("PublishDueLambdaFunction")),
    );
    expect(rules.map((rule) => rule.properties)).toEqual([
      { ScheduleExpression: "rate(1 minute)", State: "ENABLED", Targets: targets },
    ]);
    expect(properties("PublishDueLambdaFunction")).toMatchObject({
      Timeout: expect.toSatisfy((seconds: number) => seconds < 60),
      Role: arnOf("PublishDueRole"),
      Environment: {
        Variables: {
          LOG_LEVEL: "INFO",
          POWERTOOLS_SERVICE_NAME: idOf("AWS::StackName"),
          TABLE_NAME: idOf("LedgerTable"),
          EVENT_BUS_NAME: idOf("EventBus"),
        },
      },
    });
  });

  it("may find, publish and remove due decisions, read the safeguard and the pauses, and nothing else", () => {
    const allow = (Resource: string, ...Action: string[]) => ({
      Sid: expect.any(String),
      Effect: "Allow",
      Action,
      Resource,
    });
    expect(properties("PublishDueRole")?.Policies).toEqual([
      {
        PolicyName: "publishDue",
        PolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            allow(arnOf("PublishDueLogGroup"), "logs:CreateLogStream", "logs:PutLogEvents"),
            allow(`${arnOf("LedgerTable")}/index/due`, "dynamodb:Query"),
            {
              ...allow(arnOf("LedgerTable"), "dynamodb:Query"),
              Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["safeguard"] } },
            },
            {
              ...allow(arnOf("LedgerTable"), "dynamodb:GetItem"),
              Condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["pauses"] } },
            },
            allow(arnOf("LedgerTable"), "dynamodb:BatchGetItem", "dynamodb:DeleteItem"),
            allow(arnOf("EventBus"), "events:PutEvents"),
          ],
        },
      },
    ]);
  });
});
