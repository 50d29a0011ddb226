import { describe, expect, it } from "vitest";
import { pipelineNames } from "../../src/pipelineSettings.ts";
import { directoryActions } from "./directoryActions.ts";
import { arnOf, resources, resourcesOf } from "./packagedTemplate.ts";
import { statements, statementsIn } from "./policyStatements.ts";

const allowed = statements.filter(({ Effect }) => Effect === "Allow");

const roles = resourcesOf("AWS::IAM::Role");

describe("what the template allows", () => {
  it("names what is allowed, and never everything but something", () => {
    const negated = ["NotAction", "NotResource", "NotPrincipal"];
    expect(statements.filter((statement) => negated.some((key) => key in statement))).toEqual([]);
  });

  it("is single actions without wildcards", () => {
    const actions = allowed.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !/^[a-z0-9]+:[A-Z][A-Za-z]+$/.test(action))).toEqual([]);
    expect(allowed.filter(({ Action }) => Action.length === 0)).toEqual([]);
  });

  it("is granted to no wildcard principal", () => {
    expect(
      allowed.filter(({ Principal }) => Principal === "*" || JSON.stringify(Principal)?.includes("*")),
    ).toEqual([]);
  });

  it("is for all resources only where AWS accepts nothing narrower", () => {
    // Of the services used here, only Chime's user administration has no resource types.
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonchime.html
    const unrestricted = allowed.filter(({ Resource }) => Resource.some((arn) => arn.includes("*")));
    const ofRoster = ["chime:GetAccount", "chime:ListUsers"];
    const ofPipelines = pipelineNames.map((name) => directoryActions[name]);
    expect(unrestricted.map(({ Action }) => Action)).toEqual([...ofPipelines, ofRoster]);
  });

  it("is in the functions' roles and the queues' policies, and nowhere else", () => {
    const grantors = new Set(
      Object.values(resources)
        .filter(({ Properties }) => statementsIn(Properties).some(({ Effect }) => Effect === "Allow"))
        .map(({ Type }) => Type),
    );
    expect(grantors).toEqual(new Set(["AWS::IAM::Role", "AWS::SQS::QueuePolicy"]));
    expect(roles.filter(({ properties }) => "ManagedPolicyArns" in properties)).toEqual([]);
  });
});

it("every role is for the functions of this account, and for nobody else", () => {
  const trusts = roles.map(({ properties }) => properties.AssumeRolePolicyDocument);
  expect(trusts).toEqual(
    roles.map(() => ({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: ["sts:AssumeRole"] },
      ],
    })),
  );
});

const permissions = resourcesOf("AWS::Lambda::Permission").map(({ properties }) => properties);
const ofAnybody = permissions.filter(({ Principal }) => Principal === "*");

it("every service that may invoke a function may do so for one rule of this stack only", () => {
  const rules = resourcesOf("AWS::Events::Rule").map(({ id }) => arnOf(id));
  const ofServices = permissions.filter(({ Principal }) => Principal !== "*");
  expect(ofServices).toEqual(
    ofServices.map(() => ({
      FunctionName: expect.any(String),
      Action: "lambda:InvokeFunction",
      Principal: "events.amazonaws.com",
      SourceArn: expect.toSatisfy((arn: string) => rules.includes(arn)),
    })),
  );
});

it("anybody may invoke the function that receives webhooks, by its URL, and no other function", () => {
  const FunctionName = arnOf("WebhookLambdaFunction");
  expect(ofAnybody).toEqual([
    { FunctionName, Principal: "*", Action: "lambda:InvokeFunctionUrl", FunctionUrlAuthType: "NONE" },
    { FunctionName, Principal: "*", Action: "lambda:InvokeFunction", InvokedViaFunctionUrl: true },
  ]);
});
