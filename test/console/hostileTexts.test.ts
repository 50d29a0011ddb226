import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PersonHistory } from "../../src/ledger/personHistory.ts";
import { entryOf, waitingFor } from "../ledger/decisions.ts";
import { textOf } from "./consoleBench.ts";
import { openConsoleInMemory } from "./consoleInMemory.ts";

const fragments = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '" autofocus onfocus="alert(1)',
  "</title></textarea></style></script><svg/onload=alert(1)>",
  "javascript:alert(1)",
  "<!--",
  "-->",
  "]]>",
  "&lt;script&gt;",
  "&#x3c;b&#x3e;",
  "{{7*7}}",
  "`",
  "\u0000",
  "\u202e",
  "\u2028",
  "\ud800",
  "\r\n\r\n<blink>",
  "%3Cscript%3E",
  "ada@example.com",
  "../../?t=x#y",
  "=cmd()",
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: "binary", maxLength: 12 })), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => parts.join(""))
  .filter((joined) => joined.trim() !== "");

const tag = /<(\/?)([a-z][\w-]*)((?:\s+[\w-]+(?:="[^"<>]*")?)*)\s*(\/?)>/gi;
const withoutEnd = new Set(["meta", "link", "input"]);

/** The elements of a page with the names of their attributes; and whatever shows that a text has become a part of them. */
function readMarkup(html: string) {
  const open: string[] = [];
  const faults: string[] = [];
  const elements = new Set<string>();
  for (const [, slash, name = "", attributes = "", empty] of html
    .replace("<!doctype html>", "")
    .matchAll(tag)) {
    if (slash !== "") {
      if (open.pop() !== name) faults.push(`an end of ${name}`);
      continue;
    }
    elements.add(`${name}${attributes.replaceAll(/="[^"]*"/g, "")}`);
    if (empty === "" && !withoutEnd.has(name)) open.push(name);
    for (const [, href = ""] of attributes.matchAll(/(?:href|src|action)="([^"]*)"/g))
      if (!href.startsWith("/") && !href.startsWith("#")) faults.push(href);
  }
  const texts = html.replace("<!doctype html>", "").replaceAll(tag, "");
  if (/[<>]/.test(texts)) faults.push("a sign outside of all elements");
  if (/(?![\n\t])[\p{Cc}\p{Cf}]/u.test(html)) faults.push("a control character");
  return { elements, faults: [...faults, ...open] };
}

/** As many texts as a page shows. */
const textsOfPage = 50;

async function pageOfHeld(texts: readonly string[]): Promise<string> {
  const { open, hold } = openConsoleInMemory();
  await hold(
    texts.map((each, index) => ({
      personId: `${each}${index}`,
      eventId: `${each}${index}`,
      accountId: each,
      attributes: { license: each },
    })),
  );
  return (await open.get("/held")).body;
}

async function pageOfPerson(texts: readonly string[]): Promise<string> {
  const person: PersonHistory = {
    personId: texts[0] ?? "",
    heads: [{ aspect: "access", email: texts[1] ?? "" }],
    entries: texts.map((each, index) => ({
      ...entryOf({ personId: "p", eventId: `${each}${index}`, minute: 1 }, "applied"),
      code: each,
      requestId: each,
      accountId: each,
      by: each,
      note: each,
      origin: each,
      userBefore: { status: each, license: each },
      trail: [
        { at: "2026-05-14T09:00:00.000Z", step: each, code: each, requestId: each, by: each, note: each },
      ],
    })),
    waiting: [waitingFor({ personId: texts[2] ?? "", eventId: texts[3] ?? "", minute: 1 }, 10)],
    held: [],
  };
  const history = {
    ofPerson: async () => person,
    peopleAt: async () => [],
    async *between() {},
    async *latest() {},
  };
  return (await openConsoleInMemory({ history }).open.get("/person?id=p")).body;
}

const pages = { "who is held": pageOfHeld, "a person": pageOfPerson };

describe.each(Object.entries(pages))("the page of %s", (_, pageOf) => {
  it("shows 5,000 hostile texts as texts: no element, no attribute, no address and no control character comes of them", async () => {
    const plain = readMarkup(await pageOf(Array.from({ length: textsOfPage }, (_, index) => `x${index}`)));
    expect([plain.elements.size > 25, plain.faults]).toEqual([true, []]);
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: textsOfPage, maxLength: textsOfPage }), async (texts) => {
        const { elements, faults } = readMarkup(await pageOf(texts));
        expect([faults, [...elements].filter((each) => !plain.elements.has(each))]).toEqual([[], []]);
      }),
      { numRuns: 100, endOnFailure: true },
    );
  });
});

it("shows a hostile id as it is", async () => {
  const { open, hold } = openConsoleInMemory();
  const personId = `<b onclick="x">'&amp;`;
  await hold([{ personId }]);
  const page = await open.get("/held");
  expect(textOf(page)).toContain(personId);
  expect(page.body).toContain(
    `href="/person?id=${new URLSearchParams({ id: personId }).toString().slice(3)}"`,
  );
});
