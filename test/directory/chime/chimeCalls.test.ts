import { afterEach, describe, expect, it } from "vitest";
import { inviteResult, leftOut, userError } from "../../../packages/chime-simulator/faultPlans.ts";
import {
  bodyFault,
  exceptionFault,
  userErrorsFault,
} from "../../../packages/chime-simulator/scriptedFault.ts";
import { DirectoryError, type TargetResult } from "../../../src/directory/directory.ts";
import { type ChimeWorld, startChimeWorld } from "./chimeWorld.ts";
import { budget, invite, startTeam, suspend, toWords } from "./testCalls.ts";

describe("a call about one user", () => {
  const ada = {
    userId: "ada",
    email: "ada@team.example",
    state: "active",
    license: "Basic",
    type: "person",
  } as const;
  const budget = { milliseconds: 5_000 };

  let world: ChimeWorld;
  afterEach(() => world.close());

  async function start() {
    world = await startChimeWorld([{ accountId: "team", type: "Team", users: [ada] }], "one");
    return (operation: "signOut" | "resetPin") =>
      world.directory.perform({ operation, accountId: "team", entries: [{ target: "ada" }] }, budget);
  }

  it("signs the user out, and replaces the PIN without a word about the new one", async () => {
    const perform = await start();
    const before = world.simulator.directory.user("team", "ada");
    const answers = [await perform("signOut"), await perform("resetPin")];
    const after = world.simulator.directory.user("team", "ada");
    expect([before?.signedIn, after?.signedIn, after?.personalPin === before?.personalPin]).toEqual([
      true,
      false,
      false,
    ]);
    const returned = JSON.stringify(answers.map(({ requestId, results }) => [requestId, [...results]]));
    expect(returned).not.toContain(after?.personalPin);
    expect(answers.map(({ results }) => [...results])).toEqual([
      [["ada", { kind: "done" }]],
      [["ada", { kind: "done" }]],
    ]);
  });

  it.each([
    ["NotFoundException", "of the user: noSuchUser"],
    ["BadRequestException", "of the user: permanent"],
    ["UnprocessableEntityException", "of the user: permanent"],
    ["UnauthorizedClientException", "of the call: configuration"],
    ["ForbiddenException", "of the call: configuration"],
    ["ThrottledClientException", "of the call: throttled"],
    ["ServiceFailureException", "of the call: transient"],
    ["ServiceUnavailableException", "of the call: transient"],
  ] as const)("that is refused with %s has failed, and it is a failure %s", async (name, expected) => {
    const perform = await start();
    world.simulator.faults.add(() => exceptionFault(name));
    expect(await failureOf(perform("signOut"))).toBe(expected);
    expect(await failureOf(perform("resetPin"))).toBe(expected);
  });

  async function failureOf(call: ReturnType<ChimeWorld["directory"]["perform"]>): Promise<string> {
    try {
      const result = (await call).results.get("ada");
      return result?.kind === "failed" ? `of the user: ${result.failure.class}` : "none";
    } catch (error) {
      if (!(error instanceof DirectoryError)) throw error;
      return `of the call: ${error.failure.class}`;
    }
  }
});

describe("the results of a call", () => {
  describe("the errors of single users in an answer", () => {
    it.each([
      ["Throttled", "throttled"],
      ["Throttling", "throttled"],
      ["ServiceUnavailable", "transient"],
      ["ServiceFailure", "transient"],
      ["Conflict", "contended"],
      ["PreconditionFailed", "contended"],
      ["ResourceLimitExceeded", "contended"],
      ["Unauthorized", "configuration"],
      ["BadRequest", "permanent"],
      ["NotFound", "noSuchUser"],
      ["Forbidden", "permanent"],
      ["AccessDenied", "permanent"],
      ["Unprocessable", "permanent"],
      ["PhoneNumberAssociationsExist", "permanent"],
      ["VoiceConnectorGroupAssociationsExist", "permanent"],
      ["SomethingNew", "unknown"],
      ["constructor", "unknown"],
    ])("%s fails that user alone, as %s", async (code, failureClass) => {
      const { directory, simulator } = await startTeam("one");
      simulator.faults.add(userError("grace", code));
      const answer = await directory.perform(suspend("ada", "grace", "joan"), budget);
      expect(toWords(answer)).toEqual({ ada: "done", grace: `${failureClass} ${code}`, joan: "done" });
    });

    it("keep the service's message without its addresses, and the id of the request", async () => {
      const { directory, simulator } = await startTeam("one");
      simulator.faults.add(
        userError("grace", "BadRequest", { message: "grace.hopper@team.example is not wanted" }),
      );
      const { requestId, results } = await directory.perform(suspend("ada", "grace"), budget);
      expect([requestId, ...results]).toEqual([
        simulator.calls.list()[0]?.requestId,
        ["ada", { kind: "done" }],
        ["grace", failed("permanent", "BadRequest", "g***@team.example is not wanted", requestId)],
      ]);
    });

    it("without a code are unknown", async () => {
      const { directory, simulator } = await startTeam("one");
      simulator.faults.add(() => userErrorsFault([{ UserId: "grace" }]));
      const { requestId, results } = await directory.perform(suspend("ada", "grace"), budget);
      expect([...results]).toEqual([
        ["ada", { kind: "done" }],
        ["grace", failed("unknown", "NoErrorCode", "the service gives no message", requestId)],
      ]);
    });

    it.each([
      ["a stranger", [{ UserId: "stranger", ErrorCode: "NotFound" }]],
      ["nobody", [{ ErrorCode: "NotFound" }]],
      ["a user in another case", [{ UserId: "ADA", ErrorCode: "NotFound" }]],
    ])("that name %s leave everyone uncertain who is not named", async (_, strange) => {
      const { directory, simulator } = await startTeam("one");
      simulator.faults.add(() => userErrorsFault([{ UserId: "joan", ErrorCode: "Throttled" }, ...strange]));
      const answer = await directory.perform(suspend("ada", "grace", "joan"), budget);
      expect(toWords(answer)).toEqual({
        ada: "unknown UnattributableError",
        grace: "unknown UnattributableError",
        joan: "throttled Throttled",
      });
    });

    it("that are no list leave everyone uncertain", async () => {
      const { directory, simulator } = await startTeam("one");
      simulator.faults.add(() => bodyFault('{"UserErrors":"none"}'));
      const answer = await directory.perform(suspend("ada"), budget);
      expect(toWords(answer)).toEqual({ ada: "unknown UnattributableError" });
    });

    it.each(["", "{}", '{"UserErrors":null}', '{"UserErrors":[]}'])(
      "that are missing mean that all went well: %j",
      async (body) => {
        const { directory, simulator } = await startTeam("one");
        simulator.faults.add(() => bodyFault(body));
        const answer = await directory.perform(suspend("ada", "grace"), budget);
        expect(toWords(answer)).toEqual({ ada: "done", grace: "done" });
      },
    );
  });

  describe("the invites in an answer", () => {
    it.each([
      ["Pending", "Sent", "done"],
      ["Accepted", "Sent", "done"],
      ["Accepted", "NotSent", "done"],
      ["Pending", "NotSent", "unknown InviteNotSent"],
      ["Pending", "Failed", "unknown InviteFailed"],
      ["Accepted", "Failed", "unknown InviteFailed"],
      ["Failed", "Sent", "unknown InviteFailed"],
      ["Failed", "NotSent", "unknown InviteFailed"],
    ] as const)("of status %s and e-mail status %s count as: %s", async (status, emailStatus, expected) => {
      const { directory, simulator } = await startTeam("one");
      simulator.faults.add(inviteResult("new@team.example", { status, emailStatus }));
      const answer = await directory.perform(invite("new@team.example", "next@team.example"), budget);
      expect(toWords(answer)).toEqual({ "new@team.example": expected, "next@team.example": "done" });
    });

    it("that do not mention an address leave it uncertain", async () => {
      const { directory, simulator } = await startTeam("one");
      simulator.faults.add(leftOut("new@team.example"));
      const answer = await directory.perform(invite("new@team.example", "next@team.example"), budget);
      expect(toWords(answer)).toEqual({
        "new@team.example": "unknown InviteMissing",
        "next@team.example": "done",
      });
    });

    it.each(["", "{}", '{"Invites":null}', '{"Invites":[{"EmailStatus":"Sent"}]}'])(
      "that are missing leave everyone uncertain: %j",
      async (body) => {
        const { directory, simulator } = await startTeam("one");
        simulator.faults.add(() => bodyFault(body));
        const answer = await directory.perform(invite("new@team.example"), budget);
        expect(toWords(answer)).toEqual({ "new@team.example": "unknown InviteMissing" });
      },
    );

    it("are matched whatever the case of their addresses", async () => {
      const { directory, simulator } = await startTeam("one");
      const invite1 = { EmailAddress: "NEW@Team.Example", Status: "Pending", EmailStatus: "Sent" };
      simulator.faults.add(() => bodyFault(JSON.stringify({ Invites: [invite1] })));
      const answer = await directory.perform(invite("New@team.example"), budget);
      expect(toWords(answer)).toEqual({ "New@team.example": "done" });
    });

    it("that failed name no address in their reason", async () => {
      const { directory, simulator } = await startTeam("one");
      simulator.faults.add(inviteResult("new@team.example", { status: "Failed", emailStatus: "Failed" }));
      const { requestId, results } = await directory.perform(invite("new@team.example"), budget);
      expect([...results.values()]).toEqual([
        failed("unknown", "InviteFailed", "the invitation failed; the service gives no reason", requestId),
      ]);
    });
  });

  function failed(failureClass: string, code: string, message: string, requestId: string | undefined) {
    return { kind: "failed", failure: { class: failureClass, code, message, requestId } } as TargetResult;
  }
});
