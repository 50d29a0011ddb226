import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { callVendorApi } from "../../src/inbound/http/vendorApi.ts";
import { ingestOktaEvents } from "../../src/inbound/okta.ts";
import { ingestReadings } from "../../src/inbound/webhooks/ingestReadings.ts";
import { receiveWebhook, type WebhookRequest } from "../../src/inbound/webhooks/receiveWebhook.ts";
import { vendors } from "../../src/inbound/webhooks/vendors.ts";
import { toDiscardEntry } from "../../src/operations/discardEntry.ts";
import { rosterSchema } from "../../src/policy/rosterSettings.ts";
import { toStoredDeadLetter } from "../../src/queue/storedDeadLetter.ts";
import { readRoster } from "../../src/reconcile/reading/readRoster.ts";
import { noon } from "../provisioning/samples.ts";
import { oktaEvent } from "./fixtures/okta.ts";
import { startServer } from "./webhooks/startServer.ts";

const deep = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const token = "a-token-of-sixteen-characters";

/** Nobody has signed it: the vendor has no parameter yet. */
async function setUp(body: string) {
  const written: string[] = [];
  const request: WebhookRequest = { method: "POST", path: "/gusto", headers: {}, body: Buffer.from(body) };
  const { status } = await receiveWebhook(request, {
    vendors,
    parameters: {
      read: async () => undefined,
      write: async (_, text) => {
        written.push(text);
      },
    },
    callApi: async () => ({ kind: "notFound" }),
    recall: async () => ({ kind: "unknown" }),
    publish: async () => [],
    now: noon,
  });
  return { status, written };
}

async function readOkta(body: string) {
  const [ingested] = await ingestOktaEvents([{ body }], async (events) =>
    events.map(({ id }) => ({ kind: "accepted", id })),
  );
  return ingested?.outcome;
}

describe("the bounds of a text from outside come before its parser", () => {
  let parsed: string[];
  beforeEach(() => {
    parsed = [];
    const parse = JSON.parse;
    vi.spyOn(JSON, "parse").mockImplementation((text: string, ...others) => {
      parsed.push(text);
      return parse(text, ...others);
    });
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("and take Gusto's set-up body as it is", async () => {
    const body = JSON.stringify({ verification_token: token });
    expect(await setUp(body)).toEqual({ status: 200, written: [token] });
    expect(parsed).toEqual([body]);
  });

  it.each([
    ["deep", `{"verification_token":"${token}","x":${deep(100)}}`],
    ["long", `{"verification_token":"${token}","x":"${"x".repeat(10_000)}"}`],
    ["wide", `{"verification_token":"${token}","x":[${"0,".repeat(200)}0]}`],
  ])("of Gusto's set-up body, which nobody has signed: %s", async (_, body) => {
    expect(await setUp(body)).toEqual({ status: 404, written: [] });
    expect(parsed).toEqual([]);
  });

  it("of an event of Okta, which is a dead letter with the reason", async () => {
    const body = JSON.stringify({ ...oktaEvent(), extra: "here" }).replace('"here"', deep(600));
    expect(await readOkta(body)).toEqual({
      kind: "rejected",
      code: "Unusable",
      reason: "expected JSON of at most 500 levels; got more",
    });
    expect(parsed).toEqual([]);
    const letter = toStoredDeadLetter({ Body: body, MessageId: "m" }, "okta", noon);
    expect(toDiscardEntry(letter, { by: "ada", because: "test" }, noon)).toBe(undefined);
  });

  it("of a vendor's response", async () => {
    const server = await startServer(() => ({ status: 200, body: deep(600) }));
    onTestFinished(server.close);
    const request = { method: "GET", url: `${server.url}/x`, headers: {} } as const;
    expect(await callVendorApi(request, new AbortController().signal)).toEqual({
      kind: "failed",
      why: "the vendor's response: expected JSON of at most 500 levels; got more",
    });
    expect(parsed).not.toContain(deep(600));
  });

  it("of a roster in JSON", async () => {
    async function* bytes() {
      yield Buffer.from(`[{"id":"1","email":"ada@example.com","x":${deep(600)}}]`);
    }
    expect(
      await readRoster(bytes(), { ...rosterSchema.parse({}), askedAttributes: [], leaveOfAbsence: "ignore" }),
    ).toEqual({
      kind: "broken",
      problems: ["expected JSON of at most 500 levels; got more"],
      proposals: [],
    });
    expect(parsed).toEqual([]);
  });
});

describe("what throws while one message of many is read", () => {
  it("is the outcome of that message of Okta", async () => {
    const broken = {
      get body(): string {
        throw new TypeError("a defect");
      },
    };
    const good = { body: JSON.stringify(oktaEvent()) };
    const ingested = await ingestOktaEvents([good, broken, good], async (events) =>
      events.map(({ id }) => ({ kind: "accepted", id })),
    );
    expect(ingested.map(({ outcome }) => outcome)).toEqual([
      { kind: "applied", requestId: undefined },
      {
        kind: "rejected",
        code: "Unusable",
        reason: "the event could not be read (TypeError); this is a defect, please report it",
      },
      { kind: "applied", requestId: undefined },
    ]);
  });

  it("is the result of that look-up of a vendor's", async () => {
    const lookUp = (interpret: () => never | { kind: "ignored"; why: string }) =>
      ({ kind: "lookUp", request: { method: "GET", url: "u", headers: {} }, interpret }) as const;
    const broken = () => {
      throw new TypeError("a defect");
    };
    const results = await ingestReadings([lookUp(broken), lookUp(() => ({ kind: "ignored", why: "fine" }))], {
      callApi: async () => ({ kind: "found", json: {} }),
      recall: async () => ({ kind: "unknown" }),
      publish: async () => [],
    });
    expect(results).toEqual([
      {
        kind: "invalid",
        why: "the vendor's response could not be read (TypeError); this is a defect, please report it",
      },
      { kind: "ignored", why: "fine" },
    ]);
  });
});
