import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readJournal } from "../../dev/service/readOutcomes.ts";
import type { ServiceStack } from "../../dev/service/serviceStack.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { exceptionFault } from "../../packages/chime-simulator/scriptedFault.ts";
import { deadLetterReasons, publish, startTestStack, type TestEvent, team } from "./testStack.ts";

const names = ["ada", "grace", "joan"];

function leaver(name: string): TestEvent {
  const person = { personId: `P-${name}`, email: `${name}@example.com`, userId: `u-${name}` };
  return { type: "EmployeeLeft", id: `${name}-left`, data: person };
}

describe("a policy that has leavers signed out and their PINs replaced", () => {
  let stack: ServiceStack;
  let pinsBefore: (string | undefined)[];
  const userOf = (name: string) => stack.chime.directory.user(team, `${name}@example.com`);

  beforeAll(async () => {
    let throttles = 3;
    stack = await startTestStack({
      people: { team: names.map((name) => ({ id: `u-${name}`, email: `${name}@example.com` })) },
      adjustPolicy: (policy) => ({ ...policy, afterSuspension: { signOut: true, resetPin: true } }),
      faults: (call) => {
        if (call.operation !== "LogoutUser") return undefined;
        const [sent] = call.users.map((user) => user.sent);
        if (sent === "u-joan") return exceptionFault("NotFoundException");
        return sent === "u-grace" && throttles-- > 0 ? exceptionFault("ThrottledClientException") : undefined;
      },
    });
    pinsBefore = names.map((name) => userOf(name)?.personalPin);
    await publish(stack, ...names.map(leaver));
    await waitUntilIdle(stack);
  });
  afterAll(() => stack.close());

  it("leaves them suspended, signed out and with another PIN, even if a call was throttled for a while", async () => {
    const users = names.map(userOf);
    expect(users.map((user) => [user?.registration, user?.signedIn])).toEqual([
      ["Suspended", false],
      ["Suspended", false],
      ["Suspended", true],
    ]);
    expect(users.map((user, index) => user?.personalPin === pinsBefore[index])).toEqual([
      false,
      false,
      false,
    ]);
    const journal = await readJournal(stack);
    expect(names.map((name) => journal.get(`${name}-left`))).toEqual(["applied", "applied", "rejected"]);
  });

  it("makes a dead letter of a leaver who can never be signed out", async () => {
    expect(await deadLetterReasons(stack)).toEqual(["rollcall-dev-offboard-dlq: NotSignedOut"]);
  });
});
