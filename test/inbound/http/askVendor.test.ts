import { expect, it, onTestFinished } from "vitest";
import { askVendor } from "../../../src/inbound/http/askVendor.ts";
import { type Answer, startServer } from "../webhooks/startServer.ts";

const { signal } = new AbortController();

async function ask(answer: Answer) {
  const server = await startServer(() => answer);
  onTestFinished(server.close);
  const headers = { authorization: "Bearer secret" };
  const answered = await askVendor(
    { method: "POST", url: `${server.url}/v1/p-1`, headers, body: "{}" },
    signal,
  );
  return { answered, requests: server.requests };
}

it("a vendor is asked as the question says", async () => {
  const { answered, requests } = await ask({ status: 200, body: '{"a":1}' });
  expect(answered).toEqual({ kind: "answered", value: { a: 1 } });
  expect(requests).toEqual([
    expect.objectContaining({
      method: "POST",
      path: "/v1/p-1",
      body: "{}",
      headers: expect.objectContaining({ authorization: "Bearer secret" }),
    }),
  ]);
});

it.each([
  [{ status: 404, body: "" }, { kind: "unknown" }],
  [
    { status: 401, body: "" },
    { kind: "failed", why: "the vendor's API answered 401" },
  ],
  [
    { status: 429, body: "{}" },
    { kind: "failed", why: "the vendor's API answered 429" },
  ],
  [
    { status: 503, body: "{}" },
    { kind: "failed", why: "the vendor's API answered 503" },
  ],
  [
    { status: 200, body: "<p>" },
    { kind: "failed", why: "the vendor's answer is not JSON" },
  ],
  [
    { status: 200, body: "" },
    { kind: "failed", why: "the vendor's answer is not JSON" },
  ],
  [
    { status: 200, body: `"${"x".repeat(1024 * 1024)}"` },
    { kind: "failed", why: "the vendor's answer has over 1048576 bytes" },
  ],
])("an answer is a value, whatever it is (%#)", async (answer, value) => {
  expect((await ask(answer)).answered).toEqual(value);
});

it("a secret follows no redirect", async () => {
  const elsewhere = await startServer(() => ({ status: 200, body: "{}" }));
  onTestFinished(elsewhere.close);
  const { answered } = await ask({ status: 302, body: "", headers: { location: elsewhere.url } });
  expect([answered.kind, elsewhere.requests]).toEqual(["failed", []]);
});

it("who does not answer has failed, and the address of the person is not told", async () => {
  const server = await startServer(() => "nothing");
  await server.close();
  const answered = await askVendor({ method: "GET", url: `${server.url}/v1/p-1`, headers: {} }, signal);
  expect(answered).toEqual({ kind: "failed", why: "the vendor's API gave no answer (TypeError)" });
});

it("nobody is waited for, or asked, once the time for it is over", async () => {
  const server = await startServer(() => "nothing");
  onTestFinished(server.close);
  const over = new AbortController();
  const question = { method: "GET", url: `${server.url}/v1/p-1`, headers: {} } as const;
  const underWay = askVendor(question, over.signal);
  await expect.poll(() => server.requests.length).toBe(1);
  over.abort(new DOMException("", "TimeoutError"));
  const answers = [await underWay, await askVendor(question, over.signal)];
  const failed = { kind: "failed", why: "the vendor's API gave no answer (TimeoutError)" };
  expect([answers, server.requests.length]).toEqual([[failed, failed], 1]);
});
