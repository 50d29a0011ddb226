import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { devAccount } from "../../dev/service/devAccount.ts";
import { type DynamoServer, startDynamo } from "../../packages/aws-local/dynamodb/startDynamo.ts";
import { dynamoLedger } from "../../src/ledger/dynamo/dynamoLedger.ts";
import * as bambooHr from "../inbound/fixtures/bambooHr.ts";
import * as gusto from "../inbound/fixtures/gusto.ts";
import * as hiBob from "../inbound/fixtures/hiBob.ts";
import { functionUrlEvent } from "../inbound/webhooks/functionUrlEvent.ts";
import { type Answer, startServer, type TestServer } from "../inbound/webhooks/startServer.ts";
import { startSsm, type TestSsm } from "../inbound/webhooks/startSsm.ts";
import { claimOf, leaseOf } from "../ledger/decisions.ts";
import { ledgerTables } from "../ledgerTables.ts";
import { startCollectingBus } from "./startCollectingBus.ts";
import { type StartedFunction, startPackaged } from "./startPackaged.ts";

/** The packaged function, with a bus, an SSM, a ledger and vendors' APIs of its own: all of them over HTTP. */
interface World {
  webhook: StartedFunction;
  dynamo: DynamoServer;
  bus: Awaited<ReturnType<typeof startCollectingBus>>;
  ssm: TestSsm;
  api: TestServer;
}
let world: World;
/** What the vendors' APIs answer, unless a test says otherwise. */
const apiAnswers: ((path: string) => Answer | undefined)[] = [];
const busFaults: number[] = [];

const path = "/rollcall-dev/webhooks";

beforeAll(async () => {
  const api = await startServer(({ path }) => apiAnswers.pop()?.(path) ?? answerOf(path));
  const ssm = await startSsm({
    [`${path}/bamboohr`]: JSON.stringify({
      ...bambooHr.bambooHrParameter,
      api: { url: api.url, key: "bamboo-api-key" },
    }),
    [`${path}/hibob`]: JSON.stringify({
      ...hiBob.hiBobParameter,
      api: { ...hiBob.hiBobParameter.api, url: api.url },
    }),
    [`${path}/gusto`]: JSON.stringify({
      ...gusto.gustoParameter,
      api: { ...gusto.gustoParameter.api, url: api.url },
    }),
  });
  const bus = await startCollectingBus({
    call: () => {
      const status = busFaults.pop();
      return status === undefined ? undefined : { kind: "refuse", status, code: "AccessDeniedException" };
    },
  });
  const [table] = ledgerTables();
  const dynamo = await startDynamo(ledgerTables(), devAccount);
  const webhook = await startPackaged("webhook", {
    environment: {
      EVENT_BUS_NAME: "rollcall-dev",
      PARAMETERS_PATH: path,
      TABLE_NAME: String(table?.name),
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
      POWERTOOLS_SERVICE_NAME: "rollcall-dev",
      AWS_ENDPOINT_URL_EVENTBRIDGE: bus.url,
      AWS_ENDPOINT_URL_SSM: ssm.url,
    },
  });
  const ledger = dynamoLedger({ dynamo: dynamo.client, tableName: String(table?.name) });
  const hired = claimOf({ eventId: "hired", minute: 1, personId: "404", intent: "onboard" });
  await ledger.claim([{ ...hired, email: "lovelace@example.com" }], leaseOf("one"));
  world = { webhook, dynamo, bus, ssm, api };
});
afterAll(async () => {
  for (const part of [world.webhook, world.dynamo, world.bus, world.ssm, world.api]) await part.close();
});

function answerOf(path: string): Answer | "nothing" {
  if (path.startsWith("/api/v1/employees/silent")) return "nothing";
  const known: [string, object][] = [
    ["/api/v1/employees/77", bambooHr.lookedUp],
    ["/api/v1/employees/78", { id: "78", status: "Active", workEmail: "linus@example.com" }],
    ["/v1/people/33", hiBob.person()],
    ["/v1/employees/e0000000", gusto.employee()],
  ];
  const found = known.find(([start]) => path.startsWith(start));
  return found === undefined ? { status: 404, body: "" } : { status: 200, body: JSON.stringify(found[1]) };
}

/** The status, what is on the bus afterwards, and the function's own lines. */
async function call(event: object) {
  const { webhook, bus } = world;
  const firstLog = webhook.logs.length;
  const firstMetric = webhook.metrics.length;
  const answer = await webhook.invoke(event);
  return {
    answer,
    events: await bus.taken(),
    logs: webhook.logs.slice(firstLog),
    metrics: webhook.metrics.slice(firstMetric),
  };
}

const answered = (statusCode: number) => expect.objectContaining({ statusCode, body: "{}" });

const bambooHrBody = JSON.stringify(bambooHr.fieldBased(bambooHr.record()));
const bambooHrCall = (
  body: string | Uint8Array = bambooHrBody,
  headers = bambooHr.signedAt(Date.now(), body),
) => functionUrlEvent("/bamboohr", body, { headers });
const hiBobBody = JSON.stringify(hiBob.notice());
const hiBobCall = (body = hiBobBody) => functionUrlEvent("/hibob", body, { headers: hiBob.signed(body) });
const gustoBody = JSON.stringify(gusto.notice());
const gustoCall = () => functionUrlEvent("/gusto", gustoBody, { headers: gusto.signed(gustoBody) });

const leaver = (personId: string, email: string, day?: [string, string]) =>
  expect.objectContaining({
    "detail-type": "EmployeeLeft",
    detail: {
      metadata: expect.objectContaining({ schemaVersion: "1.0" }),
      data: expect.objectContaining({
        personId,
        email,
        ...(day && { effectiveDate: day[0], timeZone: day[1] }),
      }),
    },
  });

describe("the packaged webhook", () => {
  afterEach(() => {
    // Whatever a test did: the log names nobody and tells no secret.
    const written = world.webhook.lines.join("\n");
    expect(written).not.toMatch(/ada@|grace@|linus@|lovelace|signing-key|-api-key|-api-token|access-token/);
  });

  it("publishes what BambooHR tells, and answers when the bus has it", async () => {
    const { answer, events, logs, metrics } = await call(bambooHrCall());
    expect([answer, events]).toEqual([answered(200), [leaver("77", "ada@example.com")]]);
    expect(events[0]).toMatchObject({
      source: "rollcall.bamboohr",
      detail: { metadata: { occurredAt: "2026-01-31T18:42:00.000Z", origin: "bamboohr" } },
    });
    expect(logs).toEqual([
      expect.objectContaining({
        level: "INFO",
        status: 200,
        vendor: "bamboohr",
        published: [expect.stringMatching(/^bamboohr-/)],
        notPublished: [],
      }),
    ]);
    expect(metrics).toEqual([
      expect.objectContaining({ SourceEventsPublished: 1, SourceEventsNotPublished: 0 }),
    ]);
  });

  it("takes a body for the bytes that were signed, also where Lambda has encoded it", async () => {
    const record = bambooHr.record({
      fields: { "Work Email": "ada@example.com", Status: "Inactive", Name: "Åsa" },
    });
    const { answer, events } = await call(
      bambooHrCall(Buffer.from(JSON.stringify(bambooHr.fieldBased(record)))),
    );
    expect([answer, events.length]).toEqual([answered(200), 1]);
  });

  it("gives an event the same id when it comes again", async () => {
    const calls = [await call(bambooHrCall()), await call(bambooHrCall())];
    const ids = calls.flatMap(({ events }) => events.map(({ detail }) => JSON.stringify(detail)));
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });

  it("looks up whom a thin webhook of BambooHR is about", async () => {
    const { answer, events } = await call(bambooHrCall(JSON.stringify(bambooHr.thin())));
    const day: [string, string] = ["2026-01-31", "Pacific/Auckland"];
    expect([answer, events]).toEqual([answered(200), [leaver("77", "ada@example.com", day)]]);
  });

  it("looks up whom HiBob is about", async () => {
    const { answer, events } = await call(hiBobCall());
    const day: [string, string] = ["2026-05-15", "Pacific/Auckland"];
    expect([answer, events]).toEqual([answered(200), [leaver("33", "grace@example.com", day)]]);
  });

  it("answers the ping of HiBob, which is not signed", async () => {
    const pings = ["Ping test", '{"text":"Ping test"}'].map((body) => functionUrlEvent("/hibob", body));
    for (const ping of pings) expect(await call(ping)).toMatchObject({ answer: answered(200), events: [] });
  });

  it("looks up whom Gusto is about", async () => {
    const { answer, events } = await call(gustoCall());
    const day: [string, string] = ["2022-12-30", "America/Denver"];
    const personId = gusto.notice().entity_uuid;
    expect([answer, events]).toEqual([answered(200), [leaver(personId, "linus@example.com", day)]]);
  });

  it("takes no token of Gusto's once Gusto is configured", async () => {
    const verification = functionUrlEvent("/gusto", JSON.stringify({ verification_token: "x".repeat(36) }));
    expect(await call(verification)).toMatchObject({ answer: answered(401), events: [] });
    expect(world.ssm.parameters.has(`${path}/gusto-verification`)).toBe(false);
  });

  it("refuses what is not signed as it stands, and publishes nothing", async () => {
    const flipped = Buffer.from(bambooHrBody);
    flipped[10] = (flipped[10] ?? 0) ^ 1;
    const { "x-bamboohr-signature": _, ...unsigned } = bambooHr.signedAt(Date.now(), bambooHrBody);
    const refused = [
      { ...bambooHrCall(), body: flipped.toString("utf8") },
      bambooHrCall(bambooHrBody, bambooHr.signedAt(Date.now() - 301_000, bambooHrBody)),
      bambooHrCall(bambooHrBody, bambooHr.signedAt(Date.now() + 330_000, bambooHrBody)),
      functionUrlEvent("/bamboohr", bambooHrBody, { headers: unsigned }),
      functionUrlEvent("/hibob", hiBobBody),
      { ...hiBobCall(), body: hiBobBody.replace("33", "34") },
      functionUrlEvent("/gusto", gustoBody),
      { ...gustoCall(), body: gustoBody.replace("terminated", "Terminated") },
      // As a proxy joins two headers of one name.
      functionUrlEvent("/gusto", gustoBody, {
        headers: { "X-Gusto-Signature": Object.values(gusto.signed(gustoBody)).concat("0").join(",") },
      }),
    ];
    const asked = world.api.requests.length;
    for (const event of refused) {
      const { answer, events, logs, metrics } = await call(event);
      expect([answer, events, logs, metrics]).toEqual([
        answered(401),
        [],
        [expect.objectContaining({ level: "WARN", status: 401 })],
        // For it may have been the vendor, and the key that we have an old one.
        [expect.objectContaining({ WebhooksRefused: 1, SourceEventsNotPublished: 0 })],
      ]);
    }
    expect(world.api.requests.length).toBe(asked);
  });

  it("refuses a body that is too large before anything else, and what is no webhook's address or method", async () => {
    const large = "x".repeat(512 * 1024 + 1);
    const statuses = [
      [413, 1, bambooHrCall(large)],
      [413, 1, functionUrlEvent("/ada@example.com", large)],
      [404, 0, functionUrlEvent("/ada@example.com", bambooHrBody)],
      [404, 0, functionUrlEvent("/", bambooHrBody)],
      [405, 0, functionUrlEvent("/bamboohr", "", { method: "GET" })],
    ] as const;
    const asked = world.ssm.requests.length;
    for (const [status, WebhooksRefused, event] of statuses)
      expect(await call(event)).toMatchObject({
        answer: answered(status),
        events: [],
        metrics: [{ WebhooksRefused }],
      });
    expect(world.ssm.requests.length).toBe(asked);
  });

  it("publishes the others of a webhook in which one can be no event, and says that it is not done", async () => {
    const good = bambooHr.record();
    const bad = bambooHr.record({ id: "78", fields: { Status: "Inactive", "Last Name": "lovelace" } });
    const malformed = bambooHr.record({ id: "79", fields: { Status: "Inactive", "Work Email": "lovelace" } });
    const body = JSON.stringify(bambooHr.fieldBased(bad, malformed, good));
    const { answer, events, logs, metrics } = await call(bambooHrCall(body));
    expect([answer, events]).toEqual([answered(422), [leaver("77", "ada@example.com")]]);
    expect(logs).toEqual([
      expect.objectContaining({
        level: "ERROR",
        status: 422,
        notPublished: [
          { id: expect.stringMatching(/^bamboohr-/), why: expect.stringContaining("data.email: expected") },
          { why: expect.stringMatching(/of whom HR sends no address, and the ledger knows none/) },
        ],
      }),
    ]);
    expect(metrics).toEqual([
      expect.objectContaining({ SourceEventsPublished: 1, SourceEventsNotPublished: 2 }),
    ]);
  });

  it.each(["lovelace@example.com is no JSON", "[".repeat(100), "{}"])(
    "says of a signed body %# that no event can be made of it",
    async (body) => {
      expect(await call(bambooHrCall(body))).toMatchObject({ answer: answered(422), events: [] });
    },
  );

  it("publishes a leaver of whom BambooHR has deleted everything under the address that the ledger knows", async () => {
    const deleted = { type: "employee.deleted", data: { companyId: "c1", employeeId: "404" } };
    const { answer, events, logs } = await call(bambooHrCall(JSON.stringify(bambooHr.thin(deleted))));
    expect([answer, events]).toEqual([answered(200), [leaver("404", "lovelace@example.com")]]);
    expect(logs).toEqual([expect.objectContaining({ level: "INFO", status: 200 })]);
  });

  it("wants a webhook again if the vendor's API fails, and not if it knows nobody", async () => {
    apiAnswers.push(() => ({ status: 500, body: "ada@example.com" }));
    const failed = await call(hiBobCall());
    apiAnswers.push(() => ({ status: 200, body: "<p>lovelace: back soon</p>" }));
    const mended = await call(hiBobCall());
    const unknown = await call(hiBobCall(JSON.stringify(hiBob.notice({ data: { employeeId: "404" } }))));
    expect([failed, mended, unknown]).toEqual([
      expect.objectContaining({ answer: answered(503), events: [] }),
      expect.objectContaining({ answer: answered(503), events: [] }),
      expect.objectContaining({ answer: answered(422), events: [] }),
    ]);
  });

  it("publishes whom it knows while the vendor's API gives no answer about others, and wants the webhook again", async () => {
    const created = (id: string) => bambooHr.record({ id, action: "Created", fields: {} });
    // More than can be asked in turn before the function has to publish what it has.
    const silent = Array.from({ length: 19 }, (_, index) => created(`silent-${index}`));
    const body = JSON.stringify(bambooHr.fieldBased(created("78"), ...silent, bambooHr.record()));
    const { answer, events, logs, metrics } = await call(bambooHrCall(body));
    expect([answer, events]).toEqual([
      answered(503),
      [
        leaver("77", "ada@example.com"),
        expect.objectContaining({
          "detail-type": "EmployeeHired",
          detail: expect.objectContaining({ data: expect.objectContaining({ personId: "78" }) }),
        }),
      ],
    ]);
    const why = "the vendor's API did not respond (TimeoutError)";
    expect(logs).toEqual([expect.objectContaining({ notPublished: silent.map(() => ({ why })) })]);
    expect(metrics).toEqual([
      expect.objectContaining({ SourceEventsPublished: 2, SourceEventsNotPublished: silent.length }),
    ]);
  });

  it("wants a webhook again if the bus does not take its event", async () => {
    busFaults.push(403);
    const { answer, events, logs } = await call(bambooHrCall());
    expect([answer, events]).toEqual([answered(503), []]);
    expect(logs).toEqual([
      expect.objectContaining({
        level: "ERROR",
        notPublished: [
          { id: expect.stringMatching(/^bamboohr-/), why: expect.stringContaining("AccessDenied") },
        ],
      }),
    ]);
  });
});

it("the packaged webhook is not there for a vendor without a parameter, and keeps the token that Gusto sends first", async () => {
  const ssm = await startSsm();
  const started = await startWith(ssm.url);
  const token = gusto.gustoParameter.signingKeys[0] ?? "";
  const verification = functionUrlEvent("/gusto", JSON.stringify({ verification_token: token }));
  const answers = [await started.invoke(gustoCall()), await started.invoke(verification)];
  await started.close();
  await ssm.close();
  expect(answers).toEqual([answered(404), answered(200)]);
  expect([...ssm.parameters]).toEqual([[`${path}/gusto-verification`, token]]);
  // A vendor that calls in vain has a parameter under another name, or none any more.
  expect(started.metrics).toMatchObject([{ WebhooksRefused: 1 }, { WebhooksRefused: 0 }]);
  expect(started.lines.join()).not.toContain(token);
});

describe("the packaged webhook with a fault of its own", () => {
  it.each([
    ["a parameter that is wrong", { [`${path}/bamboohr`]: '{"signingKeys":["short-secret"]}' }],
    ["a parameter that is not JSON", { [`${path}/bamboohr`]: "short-secret" }],
  ])("answers 503 to %s, says why and tells no secret", async (_, parameters) => {
    const ssm = await startSsm(parameters);
    const started = await startWith(ssm.url);
    const answer = await started.invoke(bambooHrCall());
    await started.close();
    await ssm.close();
    expect(answer).toEqual(answered(503));
    expect(started.logs).toEqual([
      expect.objectContaining({ level: "ERROR", why: "the vendor's parameter is wrong" }),
    ]);
    expect(started.lines.join()).not.toContain("short-secret");
  });

  it("answers 503 if SSM fails, and counts it", async () => {
    const started = await startWith("http://127.0.0.1:9");
    const answer = await started.invoke(bambooHrCall());
    await started.close();
    expect(answer).toEqual(answered(503));
    expect(started.logs).toEqual([
      expect.objectContaining({ level: "ERROR", message: "the webhook could not be processed" }),
    ]);
    expect(started.metrics).toEqual([expect.objectContaining({ SourceEventsNotPublished: 1 })]);
  });
});

it("the packaged webhook counts a sign of life of a vendor whom the policy watches, and nothing that nobody has signed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rollcall-policy-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const policy = {
    sources: { hibob: { silentHours: 72 } },
    accounts: [{ id: "team", domains: ["example.com"] }],
  };
  await writeFile(join(folder, "policy.yml"), JSON.stringify(policy));
  const ssm = await startSsm({
    [`${path}/hibob`]: JSON.stringify(hiBob.hiBobParameter),
    [`${path}/bamboohr`]: JSON.stringify(bambooHr.bambooHrParameter),
  });
  const started = await startWith(ssm.url, { POLICY_FILE: join(folder, "policy.yml") });
  const ignored = JSON.stringify(hiBob.notice({ type: "employee.updated" }));
  const answers = [
    await started.invoke(functionUrlEvent("/hibob", "Ping test")),
    await started.invoke(functionUrlEvent("/hibob", ignored)),
    await started.invoke(bambooHrCall("{}")),
    await started.invoke(hiBobCall(ignored)),
  ];
  await started.close();
  await ssm.close();
  expect(answers).toEqual([200, 401, 422, 200].map(answered));
  const heard = started.metrics.filter((line) => JSON.stringify(line).includes("SourceHeard"));
  expect(heard).toEqual([
    expect.objectContaining({ service: "rollcall-dev", source: "hibob", SourceHeard: 1 }),
  ]);
});

function startWith(ssmUrl: string, environment: Record<string, string> = {}): Promise<StartedFunction> {
  return startPackaged("webhook", {
    environment: {
      ...environment,
      EVENT_BUS_NAME: "rollcall-dev",
      PARAMETERS_PATH: path,
      POWERTOOLS_SERVICE_NAME: "rollcall-dev",
      TABLE_NAME: "rollcall-dev-ledger",
      AWS_ENDPOINT_URL_EVENTBRIDGE: "http://127.0.0.1:9",
      AWS_ENDPOINT_URL_SSM: ssmUrl,
    },
  });
}
