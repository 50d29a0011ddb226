import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect, it, onTestFinished } from "vitest";
import { readDeadLetters, readJournal } from "../../dev/service/readOutcomes.ts";
import type { ServiceStack } from "../../dev/service/serviceStack.ts";
import { inQuickMotion, withShortLeases } from "./inQuickMotion.ts";
import { publish, startTestStack, stateOf, type TestEvent, team } from "./testStack.ts";

const people = Array.from({ length: 40 }, (_, index) => `p${index}`);
const poisonous = "p17";

const left = (person: string): TestEvent => ({
  type: "EmployeeLeft",
  id: `${person}-left`,
  data: { personId: `P-${person}`, email: `${person}@example.com` },
});

/** Loaded into the functions' processes before the bundle: parsing the poisonous record kills them. */
const poison = `
  const parse = JSON.parse;
  JSON.parse = (text, ...others) => {
    if (String(text).includes('"personId":"P-${poisonous}"')) process.kill(process.pid, "SIGKILL");
    return parse(text, ...others);
  };`;

/** More receives than this are not few. */
const fewDeaths = 8;

it("a record that kills the function takes its neighbours along a few times only, and ends as a dead letter", async () => {
  const stack = await startTestStack({
    people: { team: people.map((person) => ({ id: `u-${person}`, email: `${person}@example.com` })) },
    adjust: (model) => withShortLeases(inQuickMotion(model)),
    environment: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(poison)}` },
  });
  onTestFinished(stack.close);
  for (let index = 0; index < people.length; index += 10)
    await publish(stack, ...people.slice(index, index + 10).map(left));
  const mapping = stack.mappings.find(({ queueArn }) => queueArn.endsWith("-offboard"));
  const deaths = () => mapping?.activity().batchesByReason.crashed ?? 0;
  const neighbours = people.filter((person) => person !== poisonous);
  const suspended = () =>
    neighbours.filter((person) => stateOf(stack, team, `${person}@example.com`) === "Suspended");
  let deathsWithNeighbours = 0;
  while (deaths() < fewDeaths && (await countDeadLetters(stack)) === 0) {
    if (suspended().length < neighbours.length) deathsWithNeighbours = deaths();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(suspended()).toEqual(neighbours);
  expect(deathsWithNeighbours).toBeLessThanOrEqual(5);
  expect((await readDeadLetters(stack)).map(({ queue, reason }) => [queue, reason])).toEqual([
    ["rollcall-dev-offboard-dlq", "EndsTheFunction"],
  ]);
  const journal = await readJournal(stack);
  expect(neighbours.filter((person) => journal.get(`${person}-left`) !== "applied")).toEqual([]);
});

async function countDeadLetters({ sqs, queueUrl }: ServiceStack): Promise<number> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl("rollcall-dev-offboard-dlq"),
      AttributeNames: ["ApproximateNumberOfMessages"],
    }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
}
