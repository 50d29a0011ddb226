import { describe, expect, it } from "vitest";
import { checkPolicy, pathText } from "../../src/policy/checkPolicy.ts";
import { isLoopbackUrl } from "../../src/policy/directorySettings.ts";

const directory = {
  kind: "scim",
  profile: "slack",
  baseUrl: "https://api.slack.com/scim/v2/",
  secret: "/rollcall/slack",
};

function check(account: object) {
  const checked = checkPolicy(
    JSON.stringify({ accounts: [{ id: "a", domains: ["example.com"], ...account }] }),
  );
  return checked.kind === "valid"
    ? checked.policy.accounts[0]
    : checked.problems.map(({ path, message }) => `${pathText(path)}: ${message}`);
}

describe("the directory of an account", () => {
  it("is a service that speaks SCIM, with its profile, address and secret", () => {
    expect(check({ directory })).toMatchObject({
      directory: { ...directory, baseUrl: "https://api.slack.com/scim/v2" },
    });
  });

  it("may differ from its profile in bulk, rate and license, and delete whom it suspends", () => {
    const license = {
      path: "urn:ietf:params:scim:schemas:extension:zoom:1.0:User:plan",
      shape: "element",
      type: "x",
    };
    const more = { directory: { ...directory, bulk: false, rate: 2.5, license }, suspension: "deletes" };
    expect(check(more)).toMatchObject({
      directory: { bulk: false, rate: 2.5, license },
      suspension: "deletes",
    });
  });

  it("may fetch its tokens by a client's credentials", () => {
    const oauth = {
      tokenUrl: "https://zoom.us/oauth/token",
      scope: "scim2",
      parameters: { grant_type: "account_credentials", account_id: "AbC" },
    };
    expect(check({ directory: { ...directory, oauth } })).toMatchObject({ directory: { oauth } });
  });

  it("may be on this machine, which the embedded stack needs", () => {
    const urls = ["http://127.0.0.1:8080/scim/v2", "http://localhost:1/", "http://[::1]:1"];
    expect(urls.map((baseUrl) => Array.isArray(check({ directory: { ...directory, baseUrl } })))).toEqual([
      false,
      false,
      false,
    ]);
    expect(urls.map(isLoopbackUrl)).toEqual([true, true, true]);
    expect(["https://127.0.0.1/", "http://127.0.0.1.example.com/", "no"].map(isLoopbackUrl)).toEqual([
      false,
      false,
      false,
    ]);
  });

  const https = "must be an address that begins with https://, such as https://api.slack.com/scim/v2";
  const parameter =
    "must be the name of a parameter in SSM that begins with a slash, such as /rollcall/slack";

  it.each([
    ["baseUrl", "http://api.slack.com/scim/v2", https],
    ["baseUrl", "http://127.0.0.1.example.com/", https],
    ["baseUrl", "http://10.0.0.1/", https],
    ["baseUrl", "api.slack.com", https],
    ["baseUrl", "file:///etc/passwd", https],
    [
      "baseUrl",
      "https://me:xoxb@api.slack.com/",
      "must have no user name and no password; what is secret is kept in the parameter that `secret` names",
    ],
    ["baseUrl", "https://api.slack.com/?token=x", "must have no query and no fragment"],
    [
      "oauth.tokenUrl",
      "http://zoom.us/oauth/token",
      "must be an address that begins with https://, such as https://zoom.us/oauth/token",
    ],
    ["oauth.tokenUrl", "https://zoom.us/oauth/token?account_id=x", "must have no query and no fragment"],
    [
      "oauth.parameters",
      { client_secret: "x" },
      "must hold nothing secret; the client's secret is kept in the parameter that `secret` names",
    ],
    ["secret", "xoxb-1234", parameter],
    ["secret", "/rollcall/*", parameter],
    ["secret", "/aws/reference", parameter],
    ["secret", "/a/../b c", parameter],
    ["rate", 0, "Too small: expected number to be >0"],
    ["bulk", "no", "expected boolean; got string"],
    ["license", { path: "user type", shape: "text" }, undefined],
  ])("is refused for its %s %j, with the field and what is expected", (field, value, message) => {
    const place = field === "license" ? "license.path" : field;
    const expected = message ?? "must be the path of an attribute, such as userType";
    const [first, inner] = field.split(".");
    const tokenUrl = "https://zoom.us/oauth/token";
    const changed = inner === undefined ? { [field]: value } : { [`${first}`]: { tokenUrl, [inner]: value } };
    expect(check({ directory: { ...directory, ...changed } })).toEqual([
      `accounts[0].directory.${place}: ${expected}`,
    ]);
  });

  it("names the profiles that there are, and the fields that it needs", () => {
    expect(check({ directory: { kind: "scim", profile: "slak" } })).toEqual([
      'accounts[0].directory.profile: expected one of "generic"|"slack"|"zoom"|"aws-identity-center"|"github-emu"|"pagerduty"',
      "accounts[0].directory.baseUrl: expected string; got nothing",
      "accounts[0].directory.secret: expected string; got nothing",
    ]);
  });

  it("takes no other consent than that it deletes", () => {
    expect(check({ directory, suspension: "reversible" })).toEqual([
      "accounts[0].suspension: must be deletes, or be left out where the service keeps the users whom it suspends",
    ]);
  });
});
