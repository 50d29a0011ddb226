import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { BehaviorChange } from "../../../../packages/scim-simulator/tenants/tenantBehavior.ts";
import { startTestScim, type TestScim } from "../testScim.ts";

const list = z.looseObject({
  totalResults: z.number(),
  startIndex: z.number().optional(),
  itemsPerPage: z.number(),
  nextCursor: z.string().optional(),
  Resources: z.array(z.looseObject({ id: z.string() })).optional(),
});

async function listOf({ call }: TestScim, query: string) {
  const { status, body } = await call("GET", `/Users?${query}`);
  expect(status).toBe(200);
  const { Resources = [], ...numbers } = list.parse(body);
  return { ...numbers, ids: Resources.map(({ id }) => id) };
}

function filtered(filter: string): string {
  return `filter=${encodeURIComponent(filter)}`;
}

const odd = String.raw`o"brien\@acme.example`;

describe("filters", () => {
  const people = [
    {
      id: "ada",
      userName: "Ada@acme.example",
      externalId: "P-1",
      name: { familyName: "Lovelace" },
      title: "Lead",
    },
    { id: "plus", userName: "a+b@acme.example", externalId: "P-11" },
    { id: "odd", userName: odd, externalId: "p-1", active: false },
    {
      id: "two",
      userName: "two",
      emails: [
        { value: "two@acme.example", type: "work", primary: true },
        { value: "two@home.example", type: "home" },
      ],
    },
  ];

  it.each([
    ['userName eq "ada@acme.example"', ["ada"]],
    ['USERNAME EQ "ADA@acme.example"', ["ada"]],
    ['userName eq "a+b@acme.example"', ["plus"]],
    [`userName eq ${JSON.stringify(odd)}`, ["odd"]],
    ['externalId eq "P-1"', ["ada"]],
    ['id eq "two"', ["two"]],
    ['emails.value eq "two@home.example"', ["two"]],
    ['emails[type eq "work"].value eq "two@acme.example"', ["two"]],
    ['emails[type eq "work"].value eq "two@home.example"', []],
    ['emails[type eq "home" and value sw "two@"]', ["two"]],
    ['emails eq "two@home.example"', []],
    ["active eq false", ["odd"]],
    ["title pr", ["ada"]],
    ['name.familyName co "LACE" and active eq true', ["ada"]],
    ['userName eq "two" or userName ew "B@acme.example"', ["plus", "two"]],
    ["active ne true", ["odd"]],
    ['userName eq "nobody"', []],
  ])("finds by %s", async (filter, ids) => {
    expect((await listOf(await startTestScim({ people }), filtered(filter))).ids).toEqual(ids);
  });

  it("takes an unencoded plus for a space", async () => {
    const scim = await startTestScim({ people });
    expect((await listOf(scim, 'filter=userName%20eq%20"a+b@acme.example"')).ids).toEqual([]);
  });

  it.each([
    "userName eq two",
    'userName is "two"',
    "userName eq",
    '(userName eq "two")',
    "",
    '"two"',
    'emails[type eq "work"',
  ])("refuses %s with invalidFilter", async (filter) => {
    const { call } = await startTestScim({ people });
    expect(await call("GET", `/Users?${filtered(filter)}`)).toMatchObject({
      status: 400,
      body: { scimType: "invalidFilter" },
    });
  });

  it.each<[string, BehaviorChange["filters"], string, string[]]>([
    ["compares by exact case", { caseSensitive: true }, 'userName eq "ada@acme.example"', []],
    ["ignores filters", { ignored: true }, 'userName eq "nobody"', ["ada", "plus", "odd", "two"]],
    ["finds by prefix", { equality: "prefix" }, 'userName eq "a"', ["ada", "plus"]],
    ["gives every hit twice", { duplicateHits: true }, 'userName eq "two"', ["two", "two"]],
    [
      "answers an unsupported filter with an empty list",
      { attributes: ["userName"], unsupported: "emptyList" },
      'externalId eq "P-1"',
      [],
    ],
  ])("%s where the tenant does", async (_, filters, filter, ids) => {
    const scim = await startTestScim({ people, behavior: { filters } });
    expect((await listOf(scim, filtered(filter))).ids).toEqual(ids);
  });

  it.each([
    ['externalId eq "P-1"', 200],
    ['emails.value eq "two@home.example"', 400],
    ['userName sw "two"', 400],
    ['userName eq "two" and externalId eq "P-1"', 200],
    ['userName eq "two" or externalId eq "P-1"', 400],
  ])("answers %s with %i where few attributes and operators are known", async (filter, status) => {
    const filters = { attributes: ["userName", "externalId"], operators: ["eq", "and"] };
    const { call } = await startTestScim({ people, behavior: { filters } });
    expect((await call("GET", `/Users?${filtered(filter)}`)).status).toBe(status);
  });
});

describe("pages", () => {
  const people = ["1", "2", "3", "4", "5"].map((id) => ({ id, userName: `user-${id}` }));
  const start = (pages: BehaviorChange["pages"] = {}) => startTestScim({ people, behavior: { pages } });

  it.each([
    ["", { startIndex: 1, itemsPerPage: 5, ids: ["1", "2", "3", "4", "5"] }],
    ["count=2", { startIndex: 1, itemsPerPage: 2, ids: ["1", "2"] }],
    ["startIndex=3&count=2", { startIndex: 3, itemsPerPage: 2, ids: ["3", "4"] }],
    ["startIndex=5&count=2", { startIndex: 5, itemsPerPage: 1, ids: ["5"] }],
    ["startIndex=6&count=2", { startIndex: 6, itemsPerPage: 0, ids: [] }],
    ["startIndex=0&count=2", { startIndex: 1, itemsPerPage: 2, ids: ["1", "2"] }],
    ["count=-1", { startIndex: 1, itemsPerPage: 0, ids: [] }],
    ["count=0", { startIndex: 1, itemsPerPage: 0, ids: [] }],
  ])("by index: ?%s", async (query, expected) => {
    expect(await listOf(await start(), query)).toMatchObject({ totalResults: 5, ...expected });
  });

  it("leaves out `Resources` where there are none", async () => {
    const { call } = await start();
    expect(Object.keys(Object((await call("GET", "/Users?startIndex=9")).body))).not.toContain("Resources");
  });

  it("refuses a startIndex that is no number", async () => {
    const { call } = await start();
    expect((await call("GET", "/Users?startIndex=x")).status).toBe(400);
  });

  it.each<[string, BehaviorChange["pages"], string, object]>([
    ["clamps the count", { maximumCount: 2 }, "count=1000", { itemsPerPage: 2, ids: ["1", "2"] }],
    [
      "gives the first page again beyond the end",
      { beyondEnd: "firstPage" },
      "startIndex=6&count=2",
      { startIndex: 6, ids: ["1", "2"] },
    ],
    ["repeats the end of the page before", { overlap: 1 }, "startIndex=3&count=2", { ids: ["2", "3", "4"] }],
    [
      "echoes the wished count",
      { itemsPerPage: "asked" },
      "startIndex=5&count=50",
      { itemsPerPage: 50, ids: ["5"] },
    ],
    ["counts from 0", { firstIndex: 0 }, "startIndex=1&count=2", { startIndex: 1, ids: ["2", "3"] }],
    ["knows no pages", { kind: "none" }, "startIndex=4&count=1", { ids: ["1", "2", "3", "4", "5"] }],
    [
      "ignores a cursor where there is none",
      { kind: "index" },
      "cursor&count=1",
      { startIndex: 1, ids: ["1"] },
    ],
  ])("%s where the tenant does", async (_, pages, query, expected) => {
    expect(await listOf(await start(pages), query)).toMatchObject(expected);
  });

  it.each(["cursor", "both"] as const)("follows cursors to the end (%s)", async (kind) => {
    const scim = await start({ kind });
    const pages: string[][] = [];
    let cursor: string | undefined = "";
    while (cursor !== undefined) {
      const page: Awaited<ReturnType<typeof listOf>> = await listOf(scim, `count=2&cursor=${cursor}`);
      expect(page.startIndex).toBeUndefined();
      pages.push(page.ids);
      cursor = page.nextCursor;
    }
    expect(pages).toEqual([["1", "2"], ["3", "4"], ["5"]]);
  });

  it.each([
    ["cursor=nonsense", "invalidCursor"],
    ["cursor=&count=0", "invalidCount"],
  ])("refuses ?%s with %s", async (query, scimType) => {
    const { call } = await start({ kind: "cursor" });
    expect(await call("GET", `/Users?${query}`)).toMatchObject({ status: 400, body: { scimType } });
  });

  it("leaves attributes out of lists that a single answer has", async () => {
    const { call } = await startTestScim({ behavior: { users: { listOmits: ["externalId", "emails"] } } });
    const { Resources = [] } = list.parse((await call("GET", "/Users")).body);
    expect(Object.keys(Resources[0] ?? {})).not.toContain("externalId");
    expect((await call("GET", "/Users/ada")).body).toMatchObject({ externalId: "P-1" });
  });
});
