import { GetAccountCommand } from "@aws-sdk/client-chime";
import { times } from "@rollcall/simulated-service/planCombinators";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { when } from "../../../packages/chime-simulator/faultPlans.ts";
import { exceptionFault, resetFault } from "../../../packages/chime-simulator/scriptedFault.ts";
import { chimeClients, pacer } from "../../../src/directory/chime/chimeClients.ts";
import { credentials } from "./chimeWorld.ts";
import { budget, failureOf, invite, startTeam, suspend, toWords } from "./testCalls.ts";

describe("the clients of the adapter", () => {
  const unavailable = exceptionFault("ServiceUnavailableException");

  it.each([
    ["a service that is unavailable", unavailable],
    ["a connection that breaks", resetFault("before")],
  ])("try a suspension again, twice at most: %s", async (_, fault) => {
    const { directory, simulator } = await startTeam("asDeployed");
    simulator.faults.add(times(2, () => fault));
    const answer = await directory.perform(suspend("ada"), budget);
    expect([toWords(answer), attemptsAt(simulator)]).toEqual([{ ada: "done" }, [1, 2, 3]]);
  });

  it("give a suspension up after the third attempt", async () => {
    const { directory, simulator } = await startTeam("asDeployed");
    simulator.faults.add(() => unavailable);
    const { code } = await failureOf(directory.perform(suspend("ada"), budget));
    expect([code, attemptsAt(simulator)]).toEqual(["ServiceUnavailableException", [1, 2, 3]]);
  });

  it("try the reading of an account, of a page and of a user again", async () => {
    const { directory, simulator } = await startTeam("asDeployed");
    simulator.faults.add(when(({ attempt }) => attempt === 1, unavailable));
    const read = [
      (await directory.getAccount("team", budget)).accountId,
      (await directory.listUsers("team", undefined, budget)).users.length,
      (await directory.findUser("team", { email: "ada@team.example" }, budget))?.userId,
    ];
    expect([read, attemptsAt(simulator)]).toEqual([
      ["team", 3, "ada"],
      [1, 2, 1, 2, 1, 2],
    ]);
  });

  it.each([
    ["a service that is unavailable", unavailable, "transient ServiceUnavailableException"],
    ["a throttle", exceptionFault("ThrottledClientException"), "throttled ThrottledClientException"],
    ["a connection that breaks after the mail went out", resetFault("after"), "transient ECONNRESET"],
  ])("attempt an invitation once only: %s", async (_, fault, expected) => {
    const { directory, simulator } = await startTeam("asDeployed");
    simulator.faults.add(() => fault);
    const failure = await failureOf(directory.perform(invite("new@team.example"), budget));
    expect([`${failure.class} ${failure.code}`, attemptsAt(simulator)]).toEqual([expected, [1]]);
  });

  it("stop trying when the budget is spent, also while they wait for the next attempt", async () => {
    const { directory, simulator } = await startTeam("asDeployed");
    simulator.faults.add(() => exceptionFault("ThrottledClientException", { retryAfterSeconds: 60 }));
    const startedAt = performance.now();
    const failure = await failureOf(directory.perform(suspend("ada"), { milliseconds: 100 }));
    expect([failure.code, failure.class, performance.now() - startedAt < 20_000]).toEqual([
      "AbortError",
      "transient",
      true,
    ]);
  });

  it("wait for no connection and for no answer without an end", async () => {
    const { simulator } = await startTeam("asDeployed");
    const clients = chimeClients({ endpoint: simulator.url, credentials });
    // The handlers know their limits from the first request on.
    for (const client of [clients.retrying, clients.single]) {
      await client.send(new GetAccountCommand({ AccountId: "team" }));
      client.destroy();
    }
    const limits = { requestTimeout: 10_000, throwOnRequestTimeout: true, connectionTimeout: 2_000 };
    expect([clients.retrying.config.requestHandler, clients.single.config.requestHandler]).toMatchObject([
      { config: limits },
      { config: limits },
    ]);
  });

  function attemptsAt(simulator: Awaited<ReturnType<typeof startTeam>>["simulator"]) {
    return simulator.calls.list().map(({ attempt }) => attempt);
  }
});

describe("the pacer", () => {
  const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
  const timer = { now: () => Date.now(), sleep };

  beforeEach(() => {
    vi.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("keeps nobody waiting before the service has refused a call for its rate", async () => {
    const { getSendToken, updateClientSendingRate } = pacer(timer);
    for (let call = 0; call < 100; call += 1) {
      await getSendToken();
      updateClientSendingRate(call % 2 === 0 ? {} : { errorType: "TRANSIENT" });
    }
    expect(Date.now()).toBe(0);
  });

  it("spaces calls evenly once it has, at eight tenths of the last second's calls", async () => {
    const { getSendToken, updateClientSendingRate } = pacer(timer);
    for (let call = 0; call < 10; call += 1) await getSendToken();
    updateClientSendingRate({ errorType: "THROTTLING" });
    expect(await sendTimes(getSendToken, 4)).toEqual([0, 125, 250, 375]);
  });

  it("takes the refusals of calls that were made together for one", async () => {
    const { getSendToken, updateClientSendingRate } = pacer(timer);
    for (let call = 0; call < 10; call += 1) await getSendToken();
    for (let call = 0; call < 5; call += 1) updateClientSendingRate({ errorType: "THROTTLING" });
    expect(await sendTimes(getSendToken, 2)).toEqual([0, 125]);
  });

  it("does not save up calls while nothing is to be done", async () => {
    const { getSendToken, updateClientSendingRate } = pacer(timer);
    for (let call = 0; call < 10; call += 1) await getSendToken();
    updateClientSendingRate({ errorType: "THROTTLING" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await sendTimes(getSendToken, 3)).toEqual([60_000, 60_125, 60_250]);
  });

  it("becomes faster with each call that is answered, and never slower than a call in two seconds", async () => {
    const { getSendToken, updateClientSendingRate } = pacer(timer);
    await getSendToken();
    for (let refusal = 0; refusal < 9; refusal += 1) {
      updateClientSendingRate({ errorType: "THROTTLING" });
      await vi.advanceTimersByTimeAsync(1000);
    }
    const slow = await sendTimes(getSendToken, 2);
    for (let call = 0; call < 50; call += 1) updateClientSendingRate({});
    await vi.advanceTimersByTimeAsync(2000);
    const fast = await sendTimes(getSendToken, 2);
    expect([slow, fast].map(([first = 0, second = 0]) => second - first)).toEqual([2000, 181]);
  });

  it.each([
    { burst: 1, most: 250, seed: 1 },
    { burst: 1, most: 250, seed: 2 },
    { burst: 1, most: 250, seed: 3 },
    { burst: 10, most: 240, seed: 1 },
    { burst: 10, most: 240, seed: 2 },
    { burst: 10, most: 240, seed: 3 },
  ])(
    "two clients make 200 calls at 10 a second, $burst of them at once, with at most $most ($seed)",
    async ({ burst, most, seed }) => {
      const service = throttledService(10, burst);
      const clients = [pacer(timer), pacer(timer)];
      const batches = { left: 10 };
      const work = Promise.all(
        clients.map((client) => makeCalls(client, service, batches, randomFrom(seed))),
      );
      await vi.advanceTimersByTimeAsync(600_000);
      await work;
      expect([batches.left, service.served]).toEqual([0, 200]);
      expect(service.calls).toBeLessThanOrEqual(most);
    },
  );

  /** When so many calls in a row may be made, in whole milliseconds. */
  async function sendTimes(getSendToken: () => Promise<void>, count: number): Promise<number[]> {
    const times: number[] = [];
    const calls = Array.from({ length: count }, async () => {
      await getSendToken();
      times.push(Date.now());
    });
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all(calls);
    return times;
  }

  /** A bucket of `burst` tokens, which fills with the rate: whatever finds it empty is refused. */
  function throttledService(callsPerSecond: number, burst: number) {
    const service = { calls: 0, served: 0, call };
    let tokens = burst;
    let filledAt = 0;
    function call(): boolean {
      service.calls += 1;
      tokens = Math.min(burst, tokens + ((Date.now() - filledAt) * callsPerSecond) / 1000);
      filledAt = Date.now();
      if (tokens < 1) return false;
      tokens -= 1;
      service.served += 1;
      return true;
    }
    return service;
  }

  /** An execution environment: batches of 20 calls, four at once, each tried until it is taken, as the queue would. */
  async function makeCalls(
    { getSendToken, updateClientSendingRate }: ReturnType<typeof pacer>,
    service: ReturnType<typeof throttledService>,
    batches: { left: number },
    random: () => number,
  ): Promise<void> {
    while (batches.left > 0) {
      batches.left -= 1;
      let calls = 20;
      const worker = async () => {
        while (calls > 0) {
          calls -= 1;
          for (let isTaken = false; !isTaken; ) {
            await getSendToken();
            await sleep(20);
            isTaken = service.call();
            updateClientSendingRate(isTaken ? {} : { errorType: "THROTTLING" });
            if (!isTaken) await sleep(1000 * random());
          }
        }
      };
      await Promise.all([worker(), worker(), worker(), worker()]);
      await sleep(6000 * (0.5 + random()));
    }
  }

  function randomFrom(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
      return state / 4_294_967_296;
    };
  }
});
