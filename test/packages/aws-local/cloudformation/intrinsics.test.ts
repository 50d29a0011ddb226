import { describe, expect, it } from "vitest";
import {
  evaluateCondition,
  noValue,
  resolveValue,
  type Scope,
} from "../../../../packages/aws-local/cloudformation/intrinsics.ts";

const scope: Scope = {
  reference: (logicalId) => (logicalId === "AWS::NoValue" ? noValue : `<${logicalId}>`),
  attribute: (logicalId, attribute) => `<${logicalId}.${attribute}>`,
  condition: (name) => name === "Yes",
};

function resolve(value: unknown): unknown {
  return resolveValue(value, ["Here"], scope);
}

describe("intrinsic functions", () => {
  it.each([
    [{ Ref: "Q" }, "<Q>"],
    [{ "Fn::GetAtt": ["Q", "Arn"] }, "<Q.Arn>"],
    [{ "Fn::GetAtt": "Q.Arn" }, "<Q.Arn>"],
    [{ "Fn::GetAtt": ["Q", "Nested", "Arn"] }, "<Q.Nested.Arn>"],
    [{ "Fn::Sub": `a-\${Q}-\${Q.Arn}-\${AWS::Region}` }, "a-<Q>-<Q.Arn>-<AWS::Region>"],
    [{ "Fn::Sub": `\${!Literal} $5 \${ Q }` }, `\${Literal} $5 <Q>`],
    [{ "Fn::Sub": [`\${own}/\${Q}`, { own: { Ref: "P" } }] }, "<P>/<Q>"],
    [{ "Fn::Join": [":", ["a", { Ref: "Q" }, 5]] }, "a:<Q>:5"],
    [{ "Fn::Join": [",", { "Fn::Split": ["-", "a-b"] }] }, "a,b"],
    [{ "Fn::Select": [1, ["a", { Ref: "Q" }]] }, "<Q>"],
    [{ "Fn::Select": ["0", { "Fn::Split": ["-", { Ref: "A-B" }] }] }, "<A"],
    [{ "Fn::If": ["Yes", { Ref: "Q" }, "no"] }, "<Q>"],
    [{ "Fn::If": ["No", "yes", "no"] }, "no"],
    [
      { a: [{ Ref: "Q" }, { Ref: "AWS::NoValue" }], b: { "Fn::If": ["No", 1, { Ref: "AWS::NoValue" }] } },
      { a: ["<Q>"] },
    ],
    [
      [1, true, null, "text", {}],
      [1, true, null, "text", {}],
    ],
  ])("%j becomes %j", (value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  it("do not evaluate the side of Fn::If that is not taken", () => {
    expect(resolve({ "Fn::If": ["Yes", "a", { "Fn::ImportValue": "x" }] })).toBe("a");
  });

  it.each([
    [
      { a: { "Fn::ImportValue": "x" } },
      "Here.a.Fn::ImportValue: expected one intrinsic function alone in its object, of Ref, Fn::GetAtt",
    ],
    [{ Ref: "Q", b: 1 }, "Here.Ref: expected one intrinsic function alone in its object"],
    [{ "Fn::Join": ["-"] }, "Here.Fn::Join: expected a list of two"],
    [{ "Fn::Join": ["-", "ab"] }, 'Here.Fn::Join: expected a list, got "ab"'],
    [{ "Fn::Join": ["-", [{}]] }, "Here.Fn::Join: expected a text, got {}"],
    [{ "Fn::Select": [2, ["a", "b"]] }, "Here.Fn::Select: expected an index below 2, got 2"],
    [{ "Fn::Sub": [`\${a}`, "b"] }, 'Here.Fn::Sub: expected an object, got "b"'],
    [{ a: "{{resolve:ssm:/x}}" }, "Here.a: the dynamic reference {{resolve:ssm:/x}} cannot be looked up"],
  ])("%j is refused with its place", (value, message) => {
    expect(() => resolve(value)).toThrow(message);
  });
});

describe("conditions", () => {
  const yes = { "Fn::Equals": [{ Ref: "Q" }, "<Q>"] };
  const no = { "Fn::Equals": ["a", "b"] };

  it.each([
    [yes, true],
    [no, false],
    [{ "Fn::Not": [no] }, true],
    [{ "Fn::And": [yes, no] }, false],
    [{ "Fn::And": [yes, { Condition: "Yes" }] }, true],
    [{ "Fn::Or": [no, { Condition: "No" }] }, false],
    [{ "Fn::Or": [no, yes] }, true],
  ])("%j is %s", (expression, expected) => {
    expect(evaluateCondition(expression, ["Conditions", "C"], scope)).toBe(expected);
  });

  it.each([
    ["Yes", "Conditions.C: expected one of Fn::Equals"],
    [{ "Fn::Equals": ["a"] }, "Conditions.C.Fn::Equals: expected a list of two values"],
    [{ "Fn::Or": yes }, "Conditions.C.Fn::Or: expected a list of conditions"],
    [{ "Fn::Not": [{ "Fn::Contains": [] }] }, "Conditions.C.Fn::Not.0: expected one of Fn::Equals"],
  ])("%j is refused with its place", (expression, message) => {
    expect(() => evaluateCondition(expression, ["Conditions", "C"], scope)).toThrow(message);
  });
});
