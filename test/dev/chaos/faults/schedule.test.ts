import { describe, expect, it } from "vitest";
import { plannedKill } from "../../../../dev/chaos/faults/processKiller.ts";
import {
  chaoticDynamo,
  deliveryFault,
  dynamoFault,
  nameOf,
  putFault,
  sqsFault,
} from "../../../../dev/chaos/faults/serviceFaults.ts";
import {
  callFault,
  permanentCode,
  poisonOf,
  transientFault,
} from "../../../../dev/directories/chimeFaults.ts";

const draws = 20_000;

/** The share of draws, in percent, rounded. */
function percent(isFaulty: (nth: number) => boolean): number {
  return Math.round((100 * Array.from({ length: draws }, (_, nth) => nth).filter(isFaulty).length) / draws);
}

const outcomeOf = (operation: string, nth: number) => {
  const { call } = callFault(7, operation, nth);
  switch (call?.kind) {
    case "reset":
      return call.takesEffect ? "answer lost" : "cut off";
    case "exception":
      return "refused";
    case "body":
      return "unreadable";
    case "userErrors":
      return "stranger";
    case undefined:
      return "passed";
  }
};

describe("the schedule of faults", () => {
  it("refuses a single user for good by no code that is about the account", () => {
    const codes = Array.from({ length: draws }, (_, nth) =>
      permanentCode(7, "LogoutUser", `p${nth}@team.example`),
    );
    expect(new Set(codes)).toEqual(new Set([undefined, "BadRequest", "Unprocessable", "NotFound"]));
  });

  const outcomes = ["refused", "answer lost", "cut off", "unreadable", "stranger", "passed"];
  const sharesOf = (operation: string) =>
    outcomes.map((outcome) => percent((nth) => outcomeOf(operation, nth) === outcome));

  it("refuses 6 % of the calls of Chime, loses 3 % of the responses, cuts off 1 % and garbles 4 %", () => {
    expect(sharesOf("BatchSuspendUser")).toEqual([6, 3, 1, 2, 2, 86]);
  });

  it("names unknown users only where a response lists errors", () => {
    expect(sharesOf("ListUsers")).toEqual([6, 3, 1, 2, 0, 88]);
  });

  it("loses the responses of invitations more often, because they are few and cannot be repeated", () => {
    expect(sharesOf("InviteUsers")).toEqual([6, 5, 1, 2, 0, 86]);
  });

  it("refuses no call by an exception that is about one of its entries, or about the account", () => {
    const statuses = Array.from({ length: draws }, (_, nth) => callFault(7, "InviteUsers", nth).call);
    const exceptions = statuses.flatMap((call) => (call?.kind === "exception" ? [call.errorType] : []));
    expect(new Set(exceptions)).toEqual(
      new Set([
        "ThrottledClientException",
        "ServiceUnavailableException",
        "ServiceFailureException",
        "ResourceLimitExceededException",
        "ConflictException",
        "Teapot",
      ]),
    );
  });

  it("poisons one person in two hundred, one half by either exception", () => {
    const poisons = Array.from({ length: draws }, (_, nth) => poisonOf(7, `p${nth}@example.com`));
    const count = (poison: string) => poisons.filter((each) => each === poison).length / draws;
    const [bad, unprocessable] = [count("BadRequestException"), count("UnprocessableEntityException")];
    expect(bad + unprocessable).toBeCloseTo(0.005, 2.5);
    expect(bad).toBeCloseTo(unprocessable, 2.5);
  });

  it("fails one person in a hundred always and one in twenty once", () => {
    const permanent = percent(
      (nth) => permanentCode(7, "BatchSuspendUser", `p${nth}@example.com`) !== undefined,
    );
    const transient = percent(
      (nth) => transientFault(7, "BatchSuspendUser", "p@example.com", nth) !== undefined,
    );
    expect({ permanent, transient }).toEqual({ permanent: 1, transient: 5 });
  });

  it("changes some people whose failure it reports, but mails no invitation that it reports as failed", () => {
    const changedNevertheless = (operation: string) =>
      percent((nth) => transientFault(7, operation, "p@example.com", nth)?.takesEffect === true);
    expect([changedNevertheless("BatchSuspendUser"), changedNevertheless("InviteUsers")]).toEqual([1, 0]);
  });

  it("delivers one event in twenty twice and one in three late", () => {
    const fault = (nth: number) => deliveryFault(7, `e${nth}`, 1);
    const copies = percent((nth) => fault(nth).copies === 2);
    const late = percent((nth) => fault(nth).delayMilliseconds !== undefined);
    expect({ copies, late }).toEqual({ copies: 5, late: 33 });
  });

  it("loses the response of one PutEvents in a hundred and refuses another", () => {
    const share = (kind: string) => percent((index) => putFault(7, index)?.kind === kind);
    expect([share("loseAnswer"), share("refuse")]).toEqual([1, 1]);
  });

  const dynamoFaults = (operation: string) =>
    Array.from({ length: draws }, (_, index) => dynamoFault(7, { index, operation }));
  const shareOf = (operation: string, kind: string) =>
    Math.round((100 * dynamoFaults(operation).filter((fault) => fault?.kind === kind).length) / draws);

  it("fails single requests of DynamoDB, and outages that outlast the SDK's retries", () => {
    const faults = dynamoFaults("PutItem");
    const outages = Array.from(
      { length: draws / 40 },
      (_, outage) =>
        faults.slice(outage * 40, (outage + 1) * 40).filter((fault) => fault?.kind === "refuse").length,
    );
    expect(shareOf("PutItem", "loseAnswer")).toBe(1);
    expect([
      outages.filter((failures) => failures > 20).length > 0,
      outages.filter((failures) => failures <= 5).length > 400,
    ]).toEqual([true, true]);
  });

  it("strikes inside one batch of DynamoDB in nine, and inside no other request", () => {
    const shares = ["BatchExecuteStatement", "BatchGetItem", "BatchWriteItem", "PutItem"].map((operation) => [
      shareOf(operation, "failStatements"),
      shareOf(operation, "leaveUnprocessed"),
    ]);
    expect(shares).toEqual([
      [11, 0],
      [0, 11],
      [0, 11],
      [0, 0],
    ]);
  });

  it("fails statements in each way, the first of a batch always, and sometimes all of them", () => {
    const struck = dynamoFaults("BatchExecuteStatement").flatMap((fault) =>
      fault?.kind === "failStatements" ? [fault.statements] : [],
    );
    const ways = new Set(
      struck.flat().map(({ code, takesEffect }) => (takesEffect ? `${code} after its effect` : code)),
    );
    expect([...ways].toSorted()).toEqual([
      "ConditionalCheckFailed",
      "ConditionalCheckFailed after its effect",
      "InternalServerError",
      "InternalServerError after its effect",
      "ProvisionedThroughputExceeded",
      "ThrottlingError",
      "TransactionConflict",
    ]);
    expect(struck.every(([first]) => first?.index === 0)).toBe(true);
    const share = (isMeant: (count: number) => boolean) =>
      Math.round((10 * struck.filter(({ length }) => isMeant(length)).length) / struck.length);
    expect([share((count) => count < 8), share((count) => count === 25)]).toEqual([4, 2]);
  });

  it("counts what it injected into DynamoDB, and lets the run's own scans pass", () => {
    const { plan, injected } = chaoticDynamo(7);
    const ask = (operation: string) => Array.from({ length: 500 }, (_, index) => plan({ index, operation }));
    const scanned = ask("Scan").filter((fault) => fault !== undefined);
    const faults = ask("BatchGetItem").flatMap((fault) => (fault === undefined ? [] : [nameOf(fault)]));
    const counted = Object.values(injected()).reduce((sum, count) => sum + count, 0);
    expect({ scanned, counted }).toEqual({ scanned: [], counted: faults.length });
    expect(Object.keys(injected()).toSorted()).toEqual([...new Set(faults)].toSorted());
    expect(injected().unprocessed).toBeGreaterThan(30);
  });

  it("fails no request by which the run itself reads the queues", () => {
    const request = { entries: [], queue: "rollcall-dev-onboard-dlq" };
    const share = (operation: string) =>
      percent((index) => sqsFault(7, { ...request, operation, index }) !== undefined);
    expect([share("ReceiveMessage"), share("GetQueueAttributes")]).toEqual([0, 0]);
  });

  it.each([
    ["ChangeMessageVisibilityBatch", "rollcall-dev-onboard"],
    ["SendMessageBatch", "rollcall-dev-onboard-dlq"],
    ["SendMessageBatch", "rollcall-dev-onboard"],
  ])("fails %s to %s: as a whole for longer than the SDK retries, and in part", (operation, queue) => {
    const entries = [{ Id: "0" }, { Id: "1" }];
    const faults = Array.from({ length: 4000 }, (_, index) =>
      sqsFault(7, { operation, queue, index, entries }),
    );
    const isRefused = (index: number) => faults[index]?.kind === "refuse";
    const outlasted = faults.filter((_, index) => [index, index + 1, index + 2].every(isRefused));
    const named = faults.flatMap((fault) => (fault?.kind === "refuseEntries" ? [fault.ids.join()] : []));
    expect(outlasted.length).toBeGreaterThan(0);
    expect(new Set(named)).toEqual(new Set(["0", "0,1"]));
  });

  it("rarely fails a request that sends to a queue, and others only singly", () => {
    const refusals = (operation: string, queue: string) =>
      percent((index) => sqsFault(7, { operation, queue, index, entries: [] })?.kind === "refuse");
    expect([
      refusals("SendMessageBatch", "q"),
      refusals("DeleteMessageBatch", "q"),
      refusals("SendMessageBatch", "q-dlq") > 10,
      refusals("ChangeMessageVisibilityBatch", "q") > 5,
    ]).toEqual([1, 0, true, true]);
  });

  it("refuses single entries only of requests with entries", () => {
    const kinds = (ids: string[]) =>
      new Set(
        Array.from({ length: 2000 }, (_, index) => {
          const entries = ids.map((Id) => ({ Id }));
          return sqsFault(7, { operation: "DeleteMessageBatch", queue: "q", index, entries })?.kind;
        }),
      ).has("refuseEntries");
    expect([kinds(["0", "1"]), kinds([])]).toEqual([true, false]);
  });

  it("kills the process of one invocation in five, a third of them by time", () => {
    const planned = Array.from({ length: draws }, (_, nth) => plannedKill(7, "f", nth + 1)).filter(
      (kill) => kill !== undefined,
    );
    const byTime = planned.filter(({ kind }) => kind === "afterStart");
    expect([
      Math.round((100 * planned.length) / draws),
      Math.round((10 * byTime.length) / planned.length),
    ]).toEqual([20, 3]);
  });
});
