import { GetAccountCommand } from "@aws-sdk/client-chime";
import { describe, expect, it } from "vitest";
import { chimeClients } from "../../../src/directory/chime/chimeClients.ts";
import { times, when } from "../../../src/local/chime/faultPlans.ts";
import { exceptionFault, resetFault } from "../../../src/local/chime/faultValues.ts";
import { credentials } from "./chimeWorld.ts";
import { budget, failureOf, invite, startTeam, suspend, toWords } from "./testCalls.ts";

const unavailable = exceptionFault("ServiceUnavailableException");

describe("the clients of the adapter", () => {
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
      (await directory.findUser("team", "ada@team.example", budget))?.userId,
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
});

function attemptsAt(simulator: Awaited<ReturnType<typeof startTeam>>["simulator"]) {
  return simulator.calls.list().map(({ attempt }) => attempt);
}
