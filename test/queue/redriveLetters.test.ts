import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SqsFault } from "../../packages/aws-local/sqs/sqsFaults.ts";
import { redriveLetters } from "../../src/queue/redriveLetters.ts";
import { type LetterWorld, startLetterWorld } from "./letterWorld.ts";

const bodies = Array.from({ length: 23 }, (_, index) => `body ${String(index).padStart(2, "0")}`);
const going = new AbortController().signal;

describe("redriveLetters", () => {
  let world: LetterWorld;
  beforeEach(async () => {
    world = await startLetterWorld();
    await world.bury(...bodies);
  });
  afterEach(() => world.close());

  /** Redrives all letters; gives how many ended how, and where the messages are after that. */
  async function redrive(signal = going) {
    const counts: Record<string, number> = {};
    const reasons = new Set<string>();
    for (const result of await redriveLetters(await world.hold(), world.box, signal)) {
      counts[result.kind] = (counts[result.kind] ?? 0) + 1;
      if ("reason" in result) reasons.add(result.reason);
      if (result.kind !== "redriven") await world.putBack(result.letter).catch(() => "it is gone");
    }
    const [queued, dead] = [await world.queued(), await world.dead()];
    const homeless = bodies.filter((body) => !queued.includes(body) && !dead.includes(body));
    return { counts, reasons: [...reasons], queued: queued.length, dead: dead.length, homeless };
  }
  const failOnce = (operation: string, fault: SqsFault) =>
    world.fail((request) => (request.operation === operation && request.index === 0 ? fault : undefined));

  it("puts all of them back as they came, and none of what told why they died", async () => {
    await redriveLetters(await world.hold(), world.box, going);
    const { Messages } = await world.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: world.box.queueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
        MessageAttributeNames: ["All"],
      }),
    );
    expect(Messages?.map(({ MessageAttributes }) => MessageAttributes)).toEqual(Array(10).fill(undefined));
    expect({ queued: await world.queued(), dead: await world.dead() }).toEqual({ queued: bodies, dead: [] });
  });

  const down: SqsFault = { kind: "refuse", status: 503, code: "ServiceUnavailable" };
  const lost: SqsFault = { kind: "loseAnswer" };
  const some: SqsFault = { kind: "refuseEntries", ids: ["0", "3"], code: "InternalError" };
  it.each([
    [
      "a send fails",
      "SendMessageBatch",
      down,
      { counts: { notSent: 10, redriven: 13 }, queued: 13, dead: 10 },
    ],
    [
      "a send fails in part",
      "SendMessageBatch",
      some,
      { counts: { notSent: 2, redriven: 21 }, queued: 21, dead: 2 },
    ],
    // It cannot be known whether the queue has them: rather twice than never.
    [
      "a send loses its answer",
      "SendMessageBatch",
      lost,
      { counts: { notSent: 10, redriven: 13 }, queued: 23, dead: 10 },
    ],
    [
      "a deletion fails",
      "DeleteMessageBatch",
      down,
      { counts: { notDeleted: 10, redriven: 13 }, queued: 23, dead: 10 },
    ],
    [
      "a deletion fails in part",
      "DeleteMessageBatch",
      some,
      { counts: { notDeleted: 2, redriven: 21 }, queued: 23, dead: 2 },
    ],
    [
      "a deletion loses its answer",
      "DeleteMessageBatch",
      lost,
      { counts: { notDeleted: 10, redriven: 13 }, queued: 23, dead: 0 },
    ],
  ])("loses none and says which if %s", async (_, operation, fault, expected) => {
    failOnce(operation, fault);
    const { reasons, ...ending } = await redrive();
    expect(ending).toEqual({ ...expected, homeless: [] });
    expect(reasons).toHaveLength(1);
  });

  it.each(["SendMessageBatch", "DeleteMessageBatch"])(
    "ends after the ten that are under way when it is interrupted at their %s",
    async (operation) => {
      const interruption = new AbortController();
      world.fail((request) => {
        if (request.operation === operation) interruption.abort();
        return undefined;
      });
      expect(await redrive(interruption.signal)).toEqual({
        counts: { redriven: 10, untouched: 13 },
        reasons: [],
        queued: 10,
        dead: 13,
        homeless: [],
      });
    },
  );
});
