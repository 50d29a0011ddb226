import { nth, times } from "@rollcall/simulated-service/planCombinators";
import { describe, expect, it } from "vitest";
import {
  forUser,
  perUser,
  rateLimit,
  silentSuccesses,
  when,
} from "../../../../packages/scim-simulator/faults/scimFaultPlans.ts";
import {
  htmlNotFoundFault,
  redirectFault,
  resetFault,
  responseFault,
  scimErrorFault,
  throttledFault,
} from "../../../../packages/scim-simulator/faults/scriptedScimFault.ts";
import { noon, startTestScim, suspend, tenant } from "../testScim.ts";

const isActive = ({ scim }: Awaited<ReturnType<typeof startTestScim>>, name: string) =>
  scim.directory.user(tenant, name)?.attributes.active;

describe("faults of a call", () => {
  it("lose the answer before or after the effect", async () => {
    const test = await startTestScim();
    test.scim.faults.add(when({ carries: "ada" }, resetFault("after")));
    test.scim.faults.add(when({ carries: "grace@acme.example" }, resetFault("before")));
    await expect(test.call("PATCH", "/Users/ada", suspend)).rejects.toThrow();
    await expect(test.call("PATCH", "/Users/grace", suspend)).rejects.toThrow();
    expect([isActive(test, "ada"), isActive(test, "grace")]).toEqual([false, true]);
    expect(test.scim.calls.list().map(({ status, tookEffect }) => [status, tookEffect])).toEqual([
      [undefined, true],
      [undefined, false],
    ]);
  });

  it.each([
    ["seconds", throttledFault(7), "7"],
    ["a date", throttledFault(new Date(noon)), "Thu, 15 Jan 2026 12:00:00 GMT"],
    ["nothing", throttledFault(), null],
  ])("throttle with Retry-After as %s", async (_, fault, retryAfter) => {
    const { scim, call } = await startTestScim({}, { faults: times(1, fault) });
    const { status, headers } = await call("GET", "/Users");
    expect([status, headers.get("retry-after")]).toEqual([429, retryAfter]);
    expect((await call("GET", "/Users")).status).toBe(200);
    expect(scim.calls.list()).toHaveLength(2);
  });

  it("answer anything instead", async () => {
    const { scim, call } = await startTestScim();
    const answerWith = async (fault: Parameters<typeof when>[1]) => {
      const remove = scim.faults.add(when({ tenant, operation: ["patch", "list"] }, fault));
      const answer = await call("PATCH", "/Users/ada", suspend);
      remove();
      return [answer.status, answer.contentType, answer.headers.get("location"), answer.body];
    };
    expect([
      await answerWith(redirectFault("https://elsewhere.example/")),
      await answerWith(htmlNotFoundFault()),
      await answerWith(
        responseFault(200, { headers: { "content-type": "text/html" }, body: "<p>log in</p>" }),
      ),
    ]).toEqual([
      [307, null, "https://elsewhere.example/", ""],
      [404, "text/html; charset=utf-8", null, expect.stringContaining("Not Found")],
      [200, "text/html", null, "<p>log in</p>"],
    ]);
    expect(await answerWith(scimErrorFault(412, { scimType: "invalidVers" }))).toMatchObject([
      412,
      "application/scim+json",
      null,
      { status: "412", scimType: "invalidVers" },
    ]);
    expect(scim.directory.effects()).toEqual([]);
    await answerWith(responseFault(503, { takesEffect: true }));
    expect(scim.directory.effects()).toHaveLength(1);
  });

  it("wait as long as the latency says", async () => {
    const { call } = await startTestScim({}, { latencyMilliseconds: 40 });
    const began = performance.now();
    await call("GET", "/Users");
    expect(performance.now() - began).toBeGreaterThan(38);
  });

  it("count only the calls that match", async () => {
    const { call } = await startTestScim(
      {},
      { faults: when({ operation: "list" }, nth(2, scimErrorFault(503))) },
    );
    const statuses: number[] = [];
    for (const path of ["/Users", "/Users/ada", "/Users", "/Users"])
      statuses.push((await call("GET", path)).status);
    expect(statuses).toEqual([200, 200, 503, 200]);
  });

  it("refuse calls above a rate, on the simulator's clock", async () => {
    let now = noon;
    const { call } = await startTestScim(
      {},
      { now: () => now, faults: rateLimit({ callsPerSecond: 1, burst: 2, retryAfterSeconds: 1 }) },
    );
    const statuses: number[] = [];
    for (const pause of [0, 0, 0, 1000]) {
      now += pause;
      statuses.push((await call("GET", "/Users")).status);
    }
    expect(statuses).toEqual([200, 200, 429, 200]);
  });
});

describe("faults of one user", () => {
  it.each([
    ["noContent", 204, ""],
    ["stale", 200, { active: true }],
    ["claimed", 200, { active: false }],
  ] as const)("say yes and change nothing: %s", async (answer, status, body) => {
    const test = await startTestScim({}, { faults: silentSuccesses({ answer }) });
    const response = await test.call("PATCH", "/Users/ada", suspend);
    expect(response.status).toBe(status);
    expect(response.body).toEqual(body === "" ? "" : expect.objectContaining(body));
    expect([isActive(test, "ada"), test.scim.calls.list()[0]?.tookEffect]).toEqual([true, false]);
  });

  it("say yes and change nothing in a bulk only", async () => {
    const test = await startTestScim({}, { faults: silentSuccesses({ only: "bulk" }) });
    const { operations } = await test.bulk([{ method: "PATCH", path: "/Users/ada", data: suspend }]);
    await test.call("PATCH", "/Users/grace", suspend);
    expect([operations[0]?.status, isActive(test, "ada"), isActive(test, "grace")]).toEqual([
      "204",
      true,
      false,
    ]);
  });

  it("say yes to one in ten, always the same ones, and change nothing", async () => {
    const test = await startTestScim({ users: 200 }, { faults: silentSuccesses({ oneIn: 10 }) });
    const ids = test.scim.directory.users(tenant).map(({ id }) => id);
    const stillActive = async () => {
      await test.bulk(ids.map((id) => ({ method: "PATCH", path: `/Users/${id}`, data: suspend })));
      return test.scim.directory
        .users(tenant)
        .filter(({ attributes }) => attributes.active)
        .map(({ id }) => id);
    };
    const first = await stillActive();
    expect(first.length).toBeGreaterThan(5);
    expect(first.length).toBeLessThan(50);
    expect(await stillActive()).toEqual(first);
  });

  it("fail one user of a bulk, with an effect or without", async () => {
    const test = await startTestScim();
    test.scim.faults.add(forUser("ada@acme.example", { kind: "error", status: 503, takesEffect: true }));
    test.scim.faults.add(
      forUser("grace", { kind: "error", status: 400, scimType: "mutability", detail: "no" }),
    );
    const { operations } = await test.bulk(
      ["ada", "grace"].map((id) => ({ method: "PATCH", path: `/Users/${id}`, data: suspend })),
    );
    expect(operations).toMatchObject([
      { status: "503" },
      { status: "400", response: { scimType: "mutability", detail: "no" } },
    ]);
    expect([isActive(test, "ada"), isActive(test, "grace")]).toEqual([false, true]);
  });

  it("leave a user out of a bulk's results, with an effect or without", async () => {
    const test = await startTestScim();
    test.scim.faults.add(
      perUser(({ sent }) => (sent === "alan" ? undefined : { kind: "leftOut", takesEffect: sent === "ada" })),
    );
    const { operations } = await test.bulk(
      ["ada", "grace", "alan"].map((id) => ({
        method: "PATCH",
        path: `/Users/${id}`,
        bulkId: id,
        data: suspend,
      })),
    );
    expect(operations.map(({ bulkId }) => bulkId)).toEqual(["alan"]);
    expect([isActive(test, "ada"), isActive(test, "grace")]).toEqual([false, true]);
  });

  it("show the user as before although the change was made", async () => {
    const test = await startTestScim({}, { faults: forUser("ada", { kind: "stale" }) });
    expect((await test.call("PATCH", "/Users/ada", suspend)).body).toMatchObject({ active: true });
    expect(isActive(test, "ada")).toBe(false);
  });

  it("claim a new user who was never stored", async () => {
    const faults = silentSuccesses({ answer: "claimed", methods: ["POST"] });
    const test = await startTestScim({}, { faults });
    const schemas = ["urn:ietf:params:scim:schemas:core:2.0:User"];
    const answer = await test.call("POST", "/Users", { schemas, userName: "new@acme.example" });
    expect([answer.status, test.scim.directory.users(tenant).length]).toEqual([201, 3]);
  });
});
