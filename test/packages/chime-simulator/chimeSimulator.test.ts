import { EventEmitter, once } from "node:events";
import { Agent, request } from "node:http";
import { setTimeout } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { startChimeSimulator } from "../../../packages/chime-simulator/chimeSimulator.ts";
import { accounts, startTestChime } from "./testChime.ts";

const json = { "content-type": "application/json" };

describe("the wire", () => {
  it("names an error in the header and in the body, and every answer by its request id", async () => {
    const { chime } = await startTestChime();
    const response = await fetch(`${chime.url}/accounts/nowhere`);
    expect({
      status: response.status,
      errorType: response.headers.get("x-amzn-errortype"),
      requestId: response.headers.get("x-amzn-requestid"),
      body: await response.json(),
    }).toEqual({
      status: 404,
      errorType: "NotFoundException",
      requestId: chime.calls.list()[0]?.requestId,
      body: { Code: "NotFound", Message: "There is no account nowhere." },
    });
  });

  it("writes timestamps as RFC 3339 text", async () => {
    const { chime } = await startTestChime();
    const response = await fetch(`${chime.url}/accounts/team/users/ada`);
    expect(await response.json()).toMatchObject({ User: { RegisteredOn: "2021-03-01T09:00:00.000Z" } });
  });

  it("answers 204 without a body", async () => {
    const { chime } = await startTestChime();
    const response = await fetch(`${chime.url}/accounts/team/users/ada?operation=logout`, { method: "POST" });
    expect([response.status, await response.text(), response.headers.get("content-type")]).toEqual([
      204,
      "",
      null,
    ]);
  });

  it.each([
    ["is no JSON", "{", "Expected the body to be JSON"],
    ["is a list", "[]", "Expected the body to be a JSON object."],
    ["is null", "null", "Expected the body to be a JSON object."],
    [
      "is too large",
      JSON.stringify({ UserIdList: ["x".repeat(300_000)] }),
      "Expected a body of 262144 bytes at most",
    ],
    ["has a list that is none", '{"UserIdList":"ada"}', "UserIdList"],
  ])("refuses a body that %s with a 400, and goes on serving", async (_, body, message) => {
    const { chime, client } = await startTestChime();
    const url = `${chime.url}/accounts/team/users?operation=suspend`;
    const response = await fetch(url, { method: "POST", body, headers: json });
    expect([response.status, response.headers.get("x-amzn-errortype")]).toEqual([400, "BadRequestException"]);
    expect(await response.text()).toContain(message);
    expect((await client.listUsers({ AccountId: "team" })).Users).toHaveLength(3);
  });

  it.each([
    ["POST", "/accounts/team/users?operation=create"],
    ["GET", "/accounts/team/users?operation=suspend"],
    ["GET", "/nothing"],
    ["DELETE", "/accounts/team/users/ada"],
  ])("answers %s %s with 404 UnknownOperationException and logs it", async (method, path) => {
    const { chime } = await startTestChime();
    const response = await fetch(chime.url + path, { method });
    expect([response.status, response.headers.get("x-amzn-errortype")]).toEqual([
      404,
      "UnknownOperationException",
    ]);
    expect(chime.calls.list()).toMatchObject([{ operation: "Unknown", status: 404, tookEffect: false }]);
  });

  it("refuses a path that is not percent-encoded", async () => {
    const { chime } = await startTestChime();
    expect((await fetch(`${chime.url}/accounts/%zz`)).status).toBe(400);
  });

  it("keeps a connection for the next call", async () => {
    const { chime } = await startTestChime();
    const ports: unknown[] = [];
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let n = 0; n < 3; n += 1) {
      await new Promise<void>((resolve, reject) => {
        const call = request(`${chime.url}/accounts`, { agent }, (response) => {
          ports.push(response.socket.localPort);
          response.resume().on("end", resolve);
        });
        call.on("error", reject).end();
      });
    }
    agent.destroy();
    expect(new Set(ports).size).toBe(1);
  });
});

describe("the simulator", () => {
  it("never ends an idle connection by itself: it announces no time-out", async () => {
    const { chime } = await startTestChime();
    const { headers } = await fetch(`${chime.url}/accounts`);
    expect([headers.get("connection"), headers.get("keep-alive")]).toEqual(["keep-alive", null]);
  });

  it("waits as long as the latency says, and serves others meanwhile", async () => {
    const warnings: string[] = [];
    const heed = ({ name }: Error) => warnings.push(name);
    process.on("warning", heed);
    onTestFinished(() => {
      process.off("warning", heed);
    });
    const { chime, client } = await startTestChime({ latencyMilliseconds: 100 });
    const began = performance.now();
    await Promise.all(Array.from({ length: 30 }, () => client.getAccount({ AccountId: "team" })));
    const took = performance.now() - began;
    expect(took).toBeGreaterThan(98);
    expect(took).toBeLessThan(30 * 100);
    expect(chime.calls.summary()).toEqual({ GetAccount: { calls: 30, users: 0 } });
    // Node warns of many listeners on one signal, which each waiting call has.
    expect(warnings).not.toContain("MaxListenersExceededWarning");
  });

  it("lets a call take effect whose caller has given up", async () => {
    const leaving = new AbortController();
    const latencyMilliseconds = () => {
      leaving.abort();
      return 40;
    };
    const { chime } = await startTestChime({ latencyMilliseconds });
    const url = `${chime.url}/accounts/lwa/users?operation=suspend`;
    const body = JSON.stringify({ UserIdList: ["ada"] });
    const call = fetch(url, { method: "POST", body, headers: json, signal: leaving.signal });
    await expect(call).rejects.toThrow();
    await expect
      .poll(() => chime.calls.list())
      .toMatchObject([{ tookEffect: true, answered: false, status: 200 }]);
    expect(chime.directory.user("lwa", "ada")?.registration).toBe("Suspended");
  });

  it("closes at once, with connections open and requests half sent, and may be closed again", async () => {
    const { chime, client } = await startTestChime();
    await client.listAccounts({});
    const headers = { "content-length": 100, expect: "100-continue" };
    const half = request(`${chime.url}/accounts`, { method: "POST", headers });
    const broken = once(half, "error");
    half.flushHeaders();
    await once(half, "continue");
    half.write("{");
    await Promise.all([chime.close(), chime.close()]);
    await chime.close();
    expect(await broken).toMatchObject([{ code: "ECONNRESET" }]);
    await expect(fetch(chime.url)).rejects.toThrow();
  });

  it("drops the calls that wait when it closes: they fail at once and never take effect", async () => {
    const arrivals = new EventEmitter();
    const arrived = once(arrivals, "call");
    const latencyMilliseconds = () => {
      arrivals.emit("call");
      return 40;
    };
    const { chime, client } = await startTestChime({ latencyMilliseconds });
    const call = client.batchSuspendUser({ AccountId: "lwa", UserIdList: ["ada"] });
    const failed = expect(call).rejects.toMatchObject({ code: "ECONNRESET" });
    await arrived;
    await chime.close();
    await failed;
    // Longer than the call would have waited.
    await setTimeout(60);
    expect(chime.directory.user("lwa", "ada")?.registration).toBe("Registered");
    expect(chime.calls.list()).toEqual([]);
  });

  it("starts twice side by side without sharing anything", async () => {
    const one = await startTestChime();
    const other = await startTestChime();
    await one.client.batchSuspendUser({ AccountId: "lwa", UserIdList: ["ada"] });
    expect(other.chime.directory.user("lwa", "ada")?.registration).toBe("Registered");
    expect(other.chime.calls.list()).toEqual([]);
  });

  it("refuses to start with an account that cannot be", async () => {
    const twice = startChimeSimulator({ accounts: [...accounts, { id: "team", type: "Team" }] });
    await expect(twice).rejects.toThrow("Account team exists already. Choose another id.");
    const license = startChimeSimulator({ accounts: [{ id: "a", type: "Team", defaultLicense: "Plus" }] });
    await expect(license).rejects.toThrow(
      "Account a: expected a default license among [Basic, Pro], got Plus. Add it to supportedLicenses.",
    );
  });
});
