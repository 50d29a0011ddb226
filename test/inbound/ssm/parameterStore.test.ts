import { SSMClient } from "@aws-sdk/client-ssm";
import { expect, it, onTestFinished } from "vitest";
import { parameterStore } from "../../../src/inbound/ssm/parameterStore.ts";
import { startServer } from "../webhooks/startServer.ts";
import { startSsm } from "../webhooks/startSsm.ts";

function storeAt(endpoint: string) {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const ssm = new SSMClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
  const clock = { now: 1_000_000 };
  return { clock, store: parameterStore({ ssm, path: "/rollcall-dev/webhooks", clock: () => clock.now }) };
}

async function startStore(parameters: Record<string, string> = {}) {
  const ssm = await startSsm(parameters);
  onTestFinished(ssm.close);
  return { ...storeAt(ssm.url), ssm };
}

it("a parameter is read once in five minutes", async () => {
  const { store, clock, ssm } = await startStore({ "/rollcall-dev/webhooks/hibob": "one" });
  const first = [await store.read("hibob"), await store.read("hibob")];
  ssm.parameters.set("/rollcall-dev/webhooks/hibob", "two");
  clock.now += 299_999;
  const kept = await store.read("hibob");
  clock.now += 1;
  expect([...first, kept, await store.read("hibob"), ssm.requests.length]).toEqual([
    "one",
    "one",
    "one",
    "two",
    2,
  ]);
});

it("that a parameter is not there is known for half a minute, so that strangers cost nothing", async () => {
  const { store, clock, ssm } = await startStore();
  const absent = [await store.read("gusto"), await store.read("gusto")];
  ssm.parameters.set("/rollcall-dev/webhooks/gusto", "now");
  clock.now += 30_000;
  expect([...absent, await store.read("gusto"), ssm.requests.length]).toEqual([
    undefined,
    undefined,
    "now",
    2,
  ]);
});

it("a parameter is written below the path, as a secret", async () => {
  const { store, ssm } = await startStore();
  await store.write("gusto-verification", "token");
  expect([...ssm.parameters]).toEqual([["/rollcall-dev/webhooks/gusto-verification", "token"]]);
});

it("a fault of the store is thrown, and is not kept", async () => {
  const faults = [500];
  const server = await startServer(() => ({
    status: faults.pop() ?? 200,
    body: '{"Parameter":{"Value":"v"}}',
  }));
  onTestFinished(server.close);
  const { store } = storeAt(server.url);
  await expect(store.read("hibob")).rejects.toThrow();
  expect(await store.read("hibob")).toBe("v");
});
