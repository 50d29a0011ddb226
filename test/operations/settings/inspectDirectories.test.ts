import { describe, expect, it } from "vitest";
import { type Directory, DirectoryError } from "../../../src/directory/directory.ts";
import { inspectDirectories } from "../../../src/operations/settings/inspectDirectories.ts";
import { fakeDirectory } from "../../directory/fakeDirectory.ts";
import { aUser } from "../../provisioning/samples.ts";

const ada = aUser({ userId: "u-1", email: "ada@team.example" });

async function inspect(
  directory: Pick<Directory, "getAccount" | "listUsers" | "findUser">,
  ...ids: string[]
) {
  return inspectDirectories(ids.length > 0 ? ids : ["team"], directory);
}

describe("inspectDirectories", () => {
  it("asks for the account, a page of its users and one of them, and changes nothing", async () => {
    const directory = fakeDirectory([{ accountId: "team", type: "Team", users: [ada] }]);
    const [inspection] = await inspect(directory);
    expect(inspection).toMatchObject({
      accountId: "team",
      type: "Team",
      ok: true,
      steps: [
        { step: "account", ok: true, detail: "Team answers" },
        {
          step: "users",
          ok: true,
          detail: "the credentials are valid: the first page has 1 user, and there are no others",
        },
        { step: "user", ok: true, detail: "a listed user is found by the address alone, and is the same" },
      ],
      can: {
        operations: {
          onboard: ["create"],
          offboard: ["suspend"],
          reinstate: ["create"],
          relicense: ["setLicense"],
        },
        suspension: "reversible",
      },
    });
    expect(directory.tally()).toEqual({ getAccount: 1, listUsers: 1, findUser: 1 });
  });

  it("names nobody, and looks up nobody where there is nobody", async () => {
    const directory = fakeDirectory([{ accountId: "team", type: "Team", users: [] }]);
    const [inspection] = await inspect(directory);
    expect(inspection).toMatchObject({ ok: true, steps: [{ step: "account" }, { step: "users" }] });
    expect(
      JSON.stringify(await inspect(fakeDirectory([{ accountId: "team", type: "Team", users: [ada] }]))),
    ).not.toMatch(/ada|u-1/);
  });

  it("goes on with the next account after one that fails, and asks that one nothing more", async () => {
    const directory = fakeDirectory([
      { accountId: "team", type: "Team", users: [ada] },
      { accountId: "lwa", type: "EnterpriseLWA", users: [] },
    ]);
    const failure = { class: "configuration", code: "Forbidden", message: "the token is refused" } as const;
    directory.faults = {
      call: (request) =>
        request.operation === "listUsers" && request.accountId === "team" ? failure : undefined,
    };
    expect(await inspect(directory, "team", "lwa")).toMatchObject([
      {
        ok: false,
        steps: [
          { step: "account", ok: true },
          { step: "users", ok: false, code: "Forbidden", detail: "the token is refused" },
        ],
        can: { suspension: "reversible" },
      },
      { accountId: "lwa", ok: true },
    ]);
  });

  it("cannot tell what an account can do that does not answer", async () => {
    const directory = fakeDirectory([]);
    expect(await inspect(directory)).toMatchObject([
      { type: null, ok: false, can: null, steps: [{ ok: false }] },
    ]);
  });

  it("is not content with a service that finds a listed user by no address, or another one", async () => {
    const found = async (user: typeof ada | undefined) => {
      const directory = fakeDirectory([{ accountId: "team", type: "Team", users: [ada] }]);
      const [inspection] = await inspect({ ...directory, findUser: async () => user });
      return inspection?.steps.at(-1);
    };
    expect([await found(undefined), await found({ ...ada, userId: "u-2" })]).toEqual([
      {
        step: "user",
        ok: false,
        detail:
          "a listed user is not found by the address: leavers whose id is not known would end as UserNotFound",
      },
      { step: "user", ok: false, detail: "a listed user's address finds another user: several have it" },
    ]);
  });

  it("hides no defect behind a report", async () => {
    const directory = fakeDirectory([{ accountId: "team", type: "Team", users: [] }]);
    const broken = { ...directory, getAccount: () => Promise.reject(new TypeError("a defect")) };
    await expect(inspect(broken)).rejects.toThrow(TypeError);
    await expect(
      inspect({
        ...broken,
        getAccount: () => Promise.reject(new DirectoryError({ class: "unknown", code: "X", message: "" })),
      }),
    ).resolves.toMatchObject([{ ok: false }]);
  });
});
