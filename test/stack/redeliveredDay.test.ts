import { createReadStream } from "node:fs";
import { expect, it, onTestFinished } from "vitest";
import { publishDay } from "../../dev/day/publishDay.ts";
import { sampleDirectory } from "../../dev/sampleDay/sampleAccounts.ts";
import type { ServiceStack } from "../../dev/service/serviceStack.ts";
import { type HandTimer, handTimer } from "../../packages/aws-local/eventbridge/scheduler.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { readLines } from "../../src/events/eventLines.ts";
import { startTestStack } from "./testStack.ts";

const changing = /^(Batch|Invite)/;

it("a day that is redelivered in full makes no call that changes anything", async () => {
  const timer = handTimer();
  const stack = await startTestStack({ accounts: sampleDirectory(), timer });
  onTestFinished(stack.close);
  await haveTheDay(stack, timer);
  const first = stack.chime.calls.list().filter(({ operation }) => changing.test(operation));
  stack.chime.calls.reset();
  await haveTheDay(stack, timer);
  const second = stack.chime.calls.list().filter(({ operation }) => changing.test(operation));
  expect([first.length > 10, second]).toEqual([true, []]);
});

/** The day, and the minute after it, in which the licenses come that follow from hires. */
async function haveTheDay(stack: ServiceStack, timer: HandTimer): Promise<void> {
  const lines = readLines(createReadStream("events/sample-day.jsonl"));
  const { published } = await publishDay(lines, stack, {
    onPublished: () => undefined,
    signal: new AbortController().signal,
  });
  expect(published.length).toBeGreaterThan(500);
  await waitUntilIdle(stack);
  timer.advance(60_000);
  await stack.scheduler.tick();
  await waitUntilIdle(stack);
}
