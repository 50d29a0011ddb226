import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ScimClient } from "../../../src/directory/scim/scimClient.ts";
import {
  beginListing,
  type Listing,
  listingMemory,
  readPage,
} from "../../../src/directory/scim/scimPages.ts";
import { scimProfiles } from "../../../src/directory/scim/scimProfiles.ts";

const deadline = { until: Number.POSITIVE_INFINITY };

/** A service that pages by index, with the oddities of real ones. */
interface Service {
  people: number;
  /** The largest page, whatever is asked for. */
  largest: number;
  /** How many users of the page before each page repeats. */
  overlap: number;
  /** The number of the first user. */
  first: 0 | 1;
  tellsTotal: boolean;
  /** What is shown beyond the end. */
  beyondEnd: "nobody" | "firstPage";
}

function clientOf({ people, largest, overlap, first, tellsTotal, beyondEnd }: Service): ScimClient {
  const everybody = Array.from({ length: people }, (_, index) => ({ id: `u${index}` }));
  return {
    target: "test",
    deadline: () => deadline,
    readBackMilliseconds: () => 0,
    async send({ query = {} }) {
      const startIndex = Number(query.startIndex ?? first);
      const offset = startIndex - first;
      const start = offset >= people && beyondEnd === "firstPage" ? 0 : Math.max(0, offset - overlap);
      const Resources = everybody.slice(start, start + Math.min(largest, Number(query.count)));
      const body = { startIndex, Resources, ...(tellsTotal && { totalResults: people }) };
      return { status: 200, body, requestId: undefined, retryAfterSeconds: undefined, repeated: false };
    },
  };
}

/** Reads to the end by tokens, as different calls of the port would. */
async function readAll(service: Service): Promise<{ ids: string[]; pages: number }> {
  const paging = { by: "index", users: 10 } as const;
  const context = { client: clientOf(service), profile: scimProfiles.generic, paging };
  const memory = listingMemory();
  const ids: string[] = [];
  let pages = 0;
  let listing: Listing | undefined = beginListing(paging);
  while (listing !== undefined) {
    const page = await readPage(listing, context, deadline);
    ids.push(...page.users.map(({ id }) => id));
    pages += 1;
    listing = page.next && memory.fromToken(memory.toToken(page.next));
  }
  return { ids, pages };
}

const service = fc
  .record<Service>({
    people: fc.nat(60),
    largest: fc.integer({ min: 1, max: 15 }),
    overlap: fc.nat(3),
    first: fc.constantFrom(0, 1),
    tellsTotal: fc.boolean(),
    beyondEnd: fc.constantFrom("nobody", "firstPage"),
  })
  .filter(({ largest, overlap }) => overlap < largest);

describe("the pages of any SCIM service", () => {
  it("hold everybody once, in the service's order, and come to an end", async () => {
    await fc.assert(
      fc.asyncProperty(service, async (any) => {
        const { ids, pages } = await readAll(any);
        expect(ids).toEqual(Array.from({ length: any.people }, (_, index) => `u${index}`));
        expect(pages).toBeLessThanOrEqual(any.people + 2);
      }),
      { numRuns: 500 },
    );
  });

  it("may each be read twice, after a fault, and show the same", async () => {
    const paging = { by: "index", users: 10 } as const;
    const client = clientOf({
      people: 25,
      largest: 10,
      overlap: 1,
      first: 1,
      tellsTotal: true,
      beyondEnd: "nobody",
    });
    const context = { client, profile: scimProfiles.generic, paging };
    const memory = listingMemory();
    const { next } = await readPage(beginListing(paging), context, deadline);
    const token = next === undefined ? "" : memory.toToken(next);
    const pages = [token, token].map(async (each) => {
      const listing = memory.fromToken(each);
      return listing && (await readPage(listing, context, deadline)).users.map(({ id }) => id);
    });
    const second = Array.from({ length: 9 }, (_, index) => `u${index + 10}`);
    expect(await Promise.all(pages)).toEqual([second, second]);
  });

  it.each(["", "1:2", "x:1:1:1", "1:1:2:1"])("know no token such as %j", (token) => {
    expect(listingMemory().fromToken(token)).toBeUndefined();
  });
});
