import { when } from "@rollcall/scim-simulator/scimFaultPlans";
import { responseFault } from "@rollcall/scim-simulator/scimFaults";
import { afterEach, describe, expect, it } from "vitest";
import { scimProfiles } from "../../../src/directory/scim/scimProfiles.ts";
import {
  find,
  perform,
  readPages,
  type ScimWorld,
  type ScimWorldOptions,
  startScimWorld,
} from "./scimWorld.ts";

let world: ScimWorld;
async function start(options?: ScimWorldOptions): Promise<ScimWorld> {
  world = await startScimWorld(options);
  return world;
}
afterEach(() => world.close());

const crowd = Array.from({ length: 250 }, (_, index) => `user-${index}`);

describe("a SCIM user is looked up", () => {
  it("by id first, then by HR's id, then by user name or address", async () => {
    await start({
      people: [
        { id: "u-1", userName: "one@example.com" },
        { id: "u-2", userName: "two@example.com", externalId: "P-2" },
        { id: "u-3", userName: "three", emails: [{ value: "Three@example.com", primary: true }] },
      ],
    });
    const found = [
      await find(world, { userId: "u-1", externalId: "P-2", email: "three@example.com" }),
      await find(world, { externalId: "P-2", email: "three@example.com" }),
      await find(world, { externalId: "P-9", email: "three@example.com" }),
      await find(world, { userId: "gone", externalId: "P-9", email: "nobody@example.com" }),
    ];
    expect(found).toEqual(["u-1 active", "u-2 active", "u-3 active", "absent"]);
  });

  it("among three pages: nobody is absent before the last (awslabs/ssosync#65)", async () => {
    await start({ people: crowd, behavior: { filters: { ignored: true } } });
    expect([await find(world, "user-249@example.com"), await find(world, "nobody@example.com")]).toEqual([
      "user-249 active",
      "absent",
    ]);
  });

  it("with a value that is quoted, escaped and percent-encoded (goauthentik/authentik#16677)", async () => {
    await start({ people: [{ id: "brien", userName: String.raw`o"brien\@x` }] });
    expect(await find(world, String.raw`o"brien\@x`)).toBe("brien active");
    expect(world.simulator.calls.list("list").map(({ query }) => query.filter)).toEqual([
      String.raw`userName eq "o\"brien\\@x"`,
    ]);
  });

  it("with a plus in the address, which is no space (okta/okta-sdk-java#839)", async () => {
    await start({ people: [{ id: "plus", userName: "a+b@example.com" }] });
    expect(await find(world, "a+b@example.com")).toBe("plus active");
    expect(world.simulator.calls.list("list").map(({ query }) => query.filter)).toEqual([
      'userName eq "a+b@example.com"',
    ]);
  });

  it("once, though the answer has the user twice (wso2/product-is#3563)", async () => {
    await start({ people: ["ada"], behavior: { filters: { duplicateHits: true } } });
    expect(await find(world, "ada@example.com")).toBe("ada active");
  });

  it("and a hit of another user is nobody (ssoready/ssoready#266)", async () => {
    await start({ people: ["ada.lovelace", "ada"], behavior: { filters: { equality: "prefix" } } });
    expect([await find(world, "ada@example.co"), await find(world, "ada@example.com")]).toEqual([
      "absent",
      "ada active",
    ]);
  });

  it("in lower case as well, where the target compares exactly (zulip/zulip#21758)", async () => {
    await start({ people: ["ada"], behavior: { filters: { caseSensitive: true } } });
    expect(await find(world, "Ada@Example.com")).toBe("ada active");
  });

  it("and an active one under the address goes before one who is suspended under HR's id", async () => {
    await start({
      people: [
        { id: "old", userName: "old@example.com", externalId: "P-1", active: false },
        { id: "new", userName: "ada@example.com" },
      ],
    });
    expect(await find(world, { externalId: "P-1", email: "ada@example.com" })).toBe("new active");
  });

  it("and two active ones with one address are nobody's: that is told", async () => {
    await start({
      people: [
        { id: "one", userName: "one", emails: [{ value: "ada@example.com" }] },
        { id: "two", userName: "two", emails: [{ value: "ada@example.com" }] },
      ],
    });
    expect(await find(world, "ada@example.com")).toBe("permanent AddressShared");
  });

  it("in the whole list where the target answers every filter with an empty list", async () => {
    await start({
      people: crowd,
      behavior: { filters: { attributes: [], unsupported: "emptyList" } },
    });
    expect([await find(world, "user-240@example.com"), await find(world, "nobody@example.com")]).toEqual([
      "user-240 active",
      "absent",
    ]);
  });

  it("in the whole list where the target refuses every filter", async () => {
    await start({ people: crowd, behavior: { filters: { attributes: [] } } });
    expect([await find(world, "user-240@example.com"), await find(world, "nobody@example.com")]).toEqual([
      "user-240 active",
      "absent",
    ]);
  });

  it("and is not absent where the target neither filters nor shows all of its users", async () => {
    await start({
      people: crowd,
      behavior: { filters: { ignored: true }, pages: { beyondEnd: "firstPage" } },
      faults: when({ operation: "list" }, firstPageOnly()),
    });
    expect(await find(world, "nobody@example.com")).toBe("unknown ListIncomplete");
  });

  it("and is not absent where the target says that it has users, and shows none of them", async () => {
    const body = JSON.stringify({ totalResults: 500, Resources: [] });
    await start({ people: crowd, faults: when({ operation: "list" }, responseFault(200, { body })) });
    expect(await find(world, "nobody@example.com")).toBe("unknown ListIncomplete");
  });

  it("and is absent at once where a document says that the filter works", async () => {
    await start({ people: ["ada"], profile: scimProfiles["aws-identity-center"] });
    expect(await find(world, { externalId: "P-9", email: "nobody@example.com" })).toBe("absent");
    expect(world.requests()).toEqual(["GET /Users", "GET /Users"]);
  });

  it("and who is not shown as inactive counts as active", async () => {
    await start({
      people: [{ id: "ada", userName: "ada@example.com", active: false }],
      behavior: { users: { activeAs: "absent" } },
    });
    expect(await find(world, "ada@example.com")).toBe("ada active");
  });
});

describe("the pages of a SCIM list", () => {
  it.each(["index", "cursor"] as const)("by %s hold everybody once", async (kind) => {
    const profile = kind === "index" ? scimProfiles.generic : scimProfiles["aws-identity-center"];
    await start({ people: crowd, behavior: { pages: { kind } }, profile });
    const pages = await readPages(world);
    expect([pages.map(({ length }) => length), pages.flat()]).toEqual([[100, 100, 50], crowd]);
  });

  it("are those of an index where the target has no cursors", async () => {
    await start({ people: crowd, profile: scimProfiles["aws-identity-center"] });
    expect((await readPages(world)).flat()).toEqual(crowd);
  });

  it("are followed by what came, whatever itemsPerPage says (elimity-com/scim#154)", async () => {
    await start({ people: crowd, behavior: { pages: { maximumCount: 30, itemsPerPage: "asked" } } });
    expect((await readPages(world)).flat()).toEqual(crowd);
  });

  it("lose and double nobody when they overlap by one (wso2/product-is#9957)", async () => {
    await start({ people: crowd, behavior: { pages: { overlap: 1 } } });
    expect((await readPages(world)).flat()).toEqual(crowd);
  });

  it("lose and double nobody when they are counted from zero (simpleidserver/SimpleIdServer#185)", async () => {
    await start({ people: crowd, behavior: { pages: { firstIndex: 0 } } });
    expect((await readPages(world)).flat()).toEqual(crowd);
  });

  it("end once a page brings nobody new (scimmyjs/scimmy#102)", async () => {
    await start({ people: crowd, faults: when({ operation: "list" }, firstPageOnly()) });
    const pages = await readPages(world);
    expect([pages, world.requests().length]).toEqual([[["user-0", "user-1"], []], 2]);
  });

  it("hold nobody where there is nobody", async () => {
    await start();
    expect(await readPages(world)).toEqual([[]]);
  });

  it("are no list where the answer is something else", async () => {
    await start({ faults: when({ operation: "list" }, responseFault(200, { body: '{"users":[]}' })) });
    await expect(readPages(world)).rejects.toThrow(
      "UnreadableAnswer: SCIM 2.0 was expected to answer with a list of users, and answered with something else",
    );
  });

  it("show a suspended user of a target that writes False as a text (scimmyjs/scimmy#51)", async () => {
    await start({ people: ["ada"], behavior: { users: { activeAs: "text" } } });
    await perform(world, "suspend", "ada");
    const { users } = await world.directory.listUsers("acme", undefined, { milliseconds: 5000 });
    expect(users).toEqual([
      { userId: "ada", email: "ada@example.com", state: "suspended", license: undefined, type: "person" },
    ]);
  });
});

/** The same two of a thousand, whichever page is asked for. */
function firstPageOnly() {
  const Resources = ["user-0", "user-1"].map((id) => ({ id, userName: `${id}@example.com`, active: true }));
  return responseFault(200, { body: JSON.stringify({ totalResults: 1000, Resources }) });
}
