import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { combineFaults } from "@rollcall/simulated-service/planCombinators";
import { expect, it, onTestFinished } from "vitest";
import { readJournal } from "../../dev/service/readOutcomes.ts";
import type { Stack } from "../../packages/aws-local/stack/stack.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import type { Fault, FaultPlan } from "../../packages/chime-simulator/scriptedFault.ts";
import { dynamoPendingStore } from "../../src/ledger/dynamo/dynamoPendingStore.ts";
import { dueIndex, pendingKey } from "../../src/ledger/dynamo/ledgerTable.ts";
import { duePartition } from "../../src/ledger/dynamo/pendingItems.ts";
import { waitingFor } from "../ledger/decisions.ts";
import { publish, startTestStack, type TestEvent } from "./testStack.ts";

/** Everybody of this test, by what happens to them; their surname stands nowhere else. */
const people = {
  suspended: "ada.lovelace@example.com",
  failing: "o'brien.lovelace@example.com",
  retried: "Cem+Tag.Lovelace@example.com",
  poisonous: "dan=lovelace@example.com",
  invited: "eve/lovelace@example.com",
  notInvited: "fay_lovelace@example.com",
  unknown: "gus.lovelace@example.com",
  excluded: "hal.lovelace@elsewhere.example",
  malformed: "ian.lovelace@example.com",
  noJson: "jan.lovelace@example.com",
  namedByIds: "kay.lovelace@example.com",
  due: "leo.lovelace@example.com",
  unreadable: "mia.lovelace@example.com",
} as const;

type Person = keyof typeof people;

/** Every event has it; the last text is wrong, and told. */
const profile = {
  givenName: "Lovelace",
  displayName: "A. Lovelace",
  department: "Lovelace's",
  familyName: "Lovelace".repeat(50),
};

const left = (person: Person, data: Record<string, unknown> = {}): TestEvent => ({
  type: "EmployeeLeft",
  id: `${person}-left`,
  data: { personId: `P-${person}`, email: people[person], userId: `u-${person}`, profile, ...data },
});
const hired = (person: Person): TestEvent => ({
  ...left(person),
  type: "EmployeeHired",
  id: `${person}-hired`,
});

/** What goes wrong with the first call that carries a user, by how the call names them. */
const faults: Record<string, Fault> = {
  "u-poisonous": {
    call: {
      kind: "exception",
      errorType: "ConflictException",
      status: 409,
      code: "Conflict",
      message: `not now: "${people.poisonous}", or ${encodeURIComponent(people.poisonous)}`,
    },
  },
  "u-failing": {
    users: [{ sent: "u-failing", kind: "userError", code: "Forbidden", message: `<${people.failing}>: no` }],
  },
  "u-retried": {
    users: [{ sent: "u-retried", kind: "userError", code: "Strange", message: `for ${people.retried};` }],
  },
  [people.notInvited]: {
    users: [{ sent: people.notInvited, kind: "invite", status: "Failed", emailStatus: "Failed" }],
  },
};

/** A service that names each person once in an error. A call that fails as a whole names no other. */
function talkative(): FaultPlan {
  const left = new Map(Object.entries(faults));
  return ({ users }) => {
    const met = users.flatMap(({ sent }) => {
      const fault = left.get(sent);
      return fault === undefined ? [] : [{ sent, fault }];
    });
    const whole = met.filter(({ fault }) => fault.call !== undefined);
    const named = whole.length > 0 ? whole : met;
    for (const { sent } of named) left.delete(sent);
    return combineFaults(named.map(({ fault }) => fault));
  };
}

/** Puts two due items into the ledger, of which one cannot be read. */
async function putDue({ dynamo: { client }, model }: Stack): Promise<void> {
  const tableName = String(model.tables[0]?.name);
  const { type, id, data } = left("due");
  const metadata = { id, schemaVersion: "1.0", occurredAt: "2026-05-14T08:00:00Z" };
  const line = JSON.stringify({ "detail-type": type, detail: { metadata, data } });
  const decision = { eventId: id, minute: 0, personId: "P-due" };
  await dynamoPendingStore({ dynamo: client, tableName }).defer([waitingFor(decision, 2, line)]);
  const unreadable = {
    ...pendingKey(people.unreadable, "offboard"),
    event: { S: people.unreadable },
    [dueIndex.partition]: { S: duePartition },
    [dueIndex.sort]: { N: "1" },
  };
  await client.send(new PutItemCommand({ TableName: tableName, Item: unreadable }));
}

it("names nobody in any log, whatever goes wrong", async () => {
  const printed: string[] = [];
  let now = Date.now();
  const registered: Person[] = ["suspended", "failing", "retried", "poisonous", "due"];
  const stack = await startTestStack({
    people: { team: registered.map((person) => ({ id: `u-${person}`, email: people[person] })) },
    faults: talkative(),
    environment: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    onLog: ({ line }) => printed.push(line),
    timer: { now: () => now, after: () => () => undefined },
  });
  onTestFinished(stack.close);
  await putDue(stack);
  await stack.sqs.send(
    new SendMessageCommand({
      QueueUrl: stack.queueUrl("rollcall-dev-offboard"),
      MessageBody: `{"email": "${people.noJson}"`,
    }),
  );
  await publish(
    stack,
    left("suspended"),
    left("failing"),
    left("retried"),
    left("poisonous"),
    left("unknown", { userId: undefined }),
    left("excluded"),
    left("malformed", { personId: 7, role: people.malformed, [people.malformed]: people.malformed }),
    hired("invited"),
    hired("notInvited"),
    { ...left("namedByIds", { userId: undefined }), id: people.namedByIds },
  );
  now += 60_000;
  await stack.scheduler.tick();
  await waitUntilIdle(stack);

  const messages = printed.flatMap((line) => {
    const { message }: { message?: string } = JSON.parse(line);
    return message === undefined ? [] : [message];
  });
  expect(Object.fromEntries(await readJournal(stack))).toMatchObject({
    "suspended-left": "applied",
    "due-left": "applied",
    "retried-left": "applied",
  });
  expect(new Set(messages)).toEqual(
    new Set([
      "drained",
      "retry",
      "rejected",
      "excluded",
      "texts of people's profiles are wrong, and left out: the decisions are carried out without them",
      "a decision that is due cannot be read, and stays in the ledger",
      "published what was due",
    ]),
  );
  expect(printed.filter((line) => /lovelace/i.test(line))).toEqual([]);
  // The service did name them, and the logs have the masked addresses.
  const masked = printed.flatMap((line) => line.match(/.\*\*\*(@|%40)[a-z.]+/g) ?? []);
  const named = ["d***@example.com", "d***%40example.com", "o***@example.com", "C***@example.com"];
  const byIds = ["k***@example.com"];
  expect([...new Set(masked)].toSorted()).toEqual([...named, ...byIds].toSorted());
});
