import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startOtherScimServer } from "../../directory/scim/otherScimServer.ts";
import { patchOf, reinstate, startTestScim, suspend, tenant, token } from "./testScim.ts";

const user = "urn:ietf:params:scim:schemas:core:2.0:User";
const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** A request whose path may name the user who was created last as `:id`. */
type Step = [method: string, path: string, body?: object];

const ada = {
  schemas: [user, enterprise],
  userName: "ada@acme.example",
  externalId: "P-1",
  active: true,
  displayName: "Ada Lovelace",
  name: { givenName: "Ada", familyName: "Lovelace" },
  emails: [{ value: "ada@acme.example", type: "work", primary: true }],
  [enterprise]: { department: "Research" },
};

function lookUp(filter: string): Step {
  return ["GET", `/Users?filter=${encodeURIComponent(filter)}`];
}

function replace(path: string, value: unknown): Step {
  return ["PATCH", "/Users/:id", patchOf({ op: "replace", path, value })];
}

/** What a client goes by in an answer. */
const answer = z.object({
  userName: z.string().optional(),
  externalId: z.string().optional(),
  active: z.boolean().optional(),
  userType: z.string().optional(),
  entitlements: z.unknown().optional(),
  roles: z.unknown().optional(),
  emails: z.unknown().optional(),
  [enterprise]: z.unknown().optional(),
  scimType: z.string().optional(),
  totalResults: z.number().optional(),
  itemsPerPage: z.number().optional(),
});

/** Runs the steps against a server and tells what came of each. */
async function run(baseUrl: string, bearer: string, steps: readonly Step[]) {
  let id = "";
  const answers: object[] = [];
  for (const [method, path, body] of steps) {
    const response = await fetch(`${baseUrl}${path.replace(":id", id)}`, {
      method,
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/scim+json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed: unknown = text === "" ? {} : JSON.parse(text);
    if (response.status === 201) ({ id } = z.looseObject({ id: z.string() }).parse(parsed));
    answers.push({ status: response.status, ...answer.parse(parsed) });
  }
  return answers;
}

describe("the simulator and an implementation of other authors", () => {
  it.each<[string, Step[]]>([
    [
      "create, find, suspend, reinstate and delete alike",
      [
        ["GET", "/Users"],
        ["POST", "/Users", ada],
        ["GET", "/Users/:id"],
        ["POST", "/Users", { ...ada, userName: "ADA@acme.example" }],
        lookUp('userName eq "ADA@acme.example"'),
        lookUp('externalId eq "P-1"'),
        lookUp('externalId eq "p-1"'),
        lookUp('emails.value eq "ada@acme.example"'),
        lookUp('emails[type eq "work"].value eq "ada@acme.example"'),
        lookUp('userName eq "nobody@acme.example"'),
        ["PATCH", "/Users/:id", suspend],
        ["GET", "/Users/:id"],
        ["PATCH", "/Users/:id", suspend],
        ["PATCH", "/Users/:id", patchOf({ op: "replace", value: { active: true } })],
        ["PATCH", "/Users/:id", reinstate],
        ["DELETE", "/Users/:id"],
        ["DELETE", "/Users/:id"],
        ["GET", "/Users/:id"],
      ],
    ],
    [
      "license alike",
      [
        ["POST", "/Users", ada],
        replace("userType", "Licensed"),
        replace("entitlements", [{ value: "pro" }]),
        replace("roles", [{ type: "seat", value: "Full" }]),
        replace('roles[type eq "seat"].value', "View"),
        replace(`${enterprise}:department`, "Sales"),
        ["GET", "/Users/:id"],
      ],
    ],
    [
      "refuse alike",
      [
        ["POST", "/Users", ada],
        replace("enabled", false),
        ["PATCH", "/Users/nobody", suspend],
        ["GET", "/Users/nobody"],
        ["DELETE", "/Users/nobody"],
        lookUp("userName eq unquoted"),
        lookUp('userName is "ada"'),
        ["POST", "/Users", { schemas: [user] }],
      ],
    ],
    [
      "page alike",
      [
        ...["1", "2", "3"].map<Step>((n) => [
          "POST",
          "/Users",
          {
            schemas: [user],
            userName: `${n}@acme.example`,
            active: true,
            emails: [{ value: `${n}@acme.example`, primary: true }],
          },
        ]),
        ["GET", "/Users?startIndex=1&count=2"],
        ["GET", "/Users?startIndex=3&count=2"],
        ["GET", "/Users?startIndex=4&count=2"],
        ["GET", "/Users?count=0"],
      ],
    ],
  ])("%s", async (_, steps) => {
    const { scim } = await startTestScim({ people: [] });
    const other = await startOtherScimServer();
    const ours = await run(`${scim.url}${tenant}`, token, steps);
    expect(ours).toEqual(await run(other.baseUrl, other.token, steps));
  });
});
