import { expect, it, onTestFinished } from "vitest";
import { callVendorApi } from "../../../src/inbound/http/vendorApi.ts";
import { type Answer, startServer } from "../webhooks/startServer.ts";

const { signal } = new AbortController();

async function call(answer: Answer) {
  const server = await startServer(() => answer);
  onTestFinished(server.close);
  const headers = { authorization: "Bearer secret" };
  const response = await callVendorApi(
    { method: "POST", url: `${server.url}/v1/p-1`, headers, body: "{}" },
    signal,
  );
  return { response, requests: server.requests };
}

it("a vendor's API is called as the request says", async () => {
  const { response, requests } = await call({ status: 200, body: '{"a":1}' });
  expect(response).toEqual({ kind: "found", json: { a: 1 } });
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
  [{ status: 404, body: "" }, { kind: "notFound" }],
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
    { kind: "failed", why: "the vendor's response is not JSON" },
  ],
  [
    { status: 200, body: "" },
    { kind: "failed", why: "the vendor's response is not JSON" },
  ],
  [
    { status: 200, body: `"${"x".repeat(1024 * 1024)}"` },
    { kind: "failed", why: "the vendor's response has over 1048576 bytes" },
  ],
])("a response is a value, whatever it is (%#)", async (answer, response) => {
  expect((await call(answer)).response).toEqual(response);
});

it("a secret follows no redirect", async () => {
  const elsewhere = await startServer(() => ({ status: 200, body: "{}" }));
  onTestFinished(elsewhere.close);
  const { response } = await call({ status: 302, body: "", headers: { location: elsewhere.url } });
  expect([response.kind, elsewhere.requests]).toEqual(["failed", []]);
});

it("a service that does not respond has failed, and the URL with the person's id is not quoted", async () => {
  const server = await startServer(() => "nothing");
  await server.close();
  const response = await callVendorApi({ method: "GET", url: `${server.url}/v1/p-1`, headers: {} }, signal);
  expect(response).toEqual({ kind: "failed", why: "the vendor's API did not respond (TypeError)" });
});

it("no response is waited for, and no call is made, once the signal is aborted", async () => {
  const server = await startServer(() => "nothing");
  onTestFinished(server.close);
  const over = new AbortController();
  const request = { method: "GET", url: `${server.url}/v1/p-1`, headers: {} } as const;
  const underWay = callVendorApi(request, over.signal);
  await expect.poll(() => server.requests.length).toBe(1);
  over.abort(new DOMException("", "TimeoutError"));
  const responses = [await underWay, await callVendorApi(request, over.signal)];
  const failed = { kind: "failed", why: "the vendor's API did not respond (TimeoutError)" };
  expect([responses, server.requests.length]).toEqual([[failed, failed], 1]);
});
