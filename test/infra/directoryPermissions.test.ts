import { expect, it } from "vitest";
import { template } from "../../src/infra/template.ts";
import { type Policy, policySchema } from "../../src/policy/policy.ts";

const roster = { bucket: "b-b", key: "k", sync: true, rate: "rate(1 hour)", rateSeconds: 3600 };

const scim = (id: string, secret: string) => ({
  id,
  domains: [`${id}.example`],
  directory: { kind: "scim", profile: "slack", baseUrl: `https://${id}.example/v2`, secret },
});
const usual = { id: "team", domains: ["team.example"] };

function policyOf(...accounts: object[]): Policy {
  return policySchema.parse({ accounts });
}

/** By role, the actions in a directory, and the parameters that may be read. */
function allowed(policy: Policy) {
  const { Resources } = template({ policy, roster }).resources;
  const roles = ["OnboardRole", "OffboardRole", "ReinstateRole", "RelicenseRole", "RosterRole"];
  return roles.map((id) => {
    const text = JSON.stringify(Resources[id]);
    const parameters = [...text.matchAll(/:parameter(\/[^"]+)"/g)].map(([, name]) => name);
    return { chime: text.includes('"chime:'), ssm: text.includes('"ssm:GetParameter"'), parameters };
  });
}

const five = <T>(each: T): T[] => Array<T>(5).fill(each);

it("no function may read a parameter where no account needs a secret", () => {
  expect(allowed(policyOf(usual))).toEqual(five({ chime: true, ssm: false, parameters: [] }));
});

it("no function may call Amazon Chime where no account is there, and each may read the secrets of the accounts and no others", () => {
  const policy = policyOf(scim("a", "/rollcall/a"), scim("b", "/rollcall/b"), scim("c", "/rollcall/a"));
  const parameters = ["/rollcall/a", "/rollcall/b"];
  expect(allowed(policy)).toEqual(five({ chime: false, ssm: true, parameters }));
});

it("a stack with accounts of both kinds may do both", () => {
  const policy = policyOf(usual, scim("a", "/rollcall/a"));
  expect(allowed(policy)).toEqual(five({ chime: true, ssm: true, parameters: ["/rollcall/a"] }));
});

it("no other function may do either", () => {
  const { Resources } = template({ policy: policyOf(usual, scim("a", "/rollcall/a")) }).resources;
  const text = JSON.stringify(Resources.PublishDueRole);
  expect([text.includes("chime:"), text.includes("ssm:")]).toEqual([false, false]);
});

it("only a stack with a service whose changes are read again has an alarm for those that were not made", () => {
  const alarmsOf = (policy: Policy) =>
    Object.keys(template({ policy }).resources.Resources).filter((id) => id.endsWith("NotAppliedAlarm"));
  expect([alarmsOf(policyOf(usual)), alarmsOf(policyOf(usual, scim("a", "/rollcall/a")))]).toEqual([
    [],
    [
      "OnboardNotAppliedAlarm",
      "OffboardNotAppliedAlarm",
      "ReinstateNotAppliedAlarm",
      "RelicenseNotAppliedAlarm",
    ],
  ]);
});
