import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Mappings, startMappings, until } from "./startMappings.ts";

const directory = mkdtempSync(path.join(tmpdir(), "redelivery-"));
let mappings: Mappings;

beforeAll(async () => {
  mappings = await startMappings();
});

afterAll(async () => {
  await mappings.close();
  rmSync(directory, { recursive: true });
});

/** What the fixtures note at each delivery. */
interface JournalLine {
  at: number;
  body: string;
  receives?: number;
}

function readJournal(file: string): JournalLine[] {
  if (!existsSync(file)) return [];
  // What comes after the last line feed is still being written.
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  return lines.map((line): JournalLine => JSON.parse(line));
}

describe.concurrent("what comes back", () => {
  it("is every message of a batch whose process was killed", async () => {
    const { queues, functionThat, map, makeVisible } = mappings;
    const journal = path.join(directory, "killed");
    const queueUrl = await queues.create({ VisibilityTimeout: "600" });
    await queues.send(queueUrl, ["a", "b", "c", "d"]);
    const lambda = functionThat("wait on first delivery", {
      environment: { JOURNAL: journal },
    });
    const mapping = await map({ queueUrl, lambda, batchingWindowSeconds: 1 });
    await until(() => readJournal(journal).length === 4);
    for (const pid of lambda.environments) process.kill(pid, "SIGKILL");
    await until(() => mapping.activity().retried === 4);
    await makeVisible(queueUrl);
    await until(() => mapping.activity().deleted === 4);
    const again = readJournal(journal).filter(({ receives = 0 }) => receives > 1);
    const { records, deleted, retriedByReason } = mapping.activity();
    expect({ again: again.map(({ body }) => body).sort(), records, deleted, retriedByReason }).toEqual({
      again: ["a", "b", "c", "d"],
      records: 8,
      deleted: 4,
      retriedByReason: { crashed: 4 },
    });
  });

  it("goes to the dead-letter queue after maxReceiveCount deliveries", async () => {
    const { queues, functionThat, map, makeVisible } = mappings;
    const deadLetterUrl = await queues.create();
    const deadLetterTargetArn = await queues.arn(deadLetterUrl);
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
    const queueUrl = await queues.create({ VisibilityTimeout: "600", RedrivePolicy });
    await queues.send(queueUrl, ["bad", "good"]);
    const mapping = await map({ queueUrl, lambda: functionThat("report the bad ones") });
    for (const deliveries of [1, 2]) {
      // The good one is gone first: made visible, it would be handed out once more.
      await until(() => mapping.activity().deleted === 1 && mapping.activity().retried === deliveries);
      await makeVisible(queueUrl);
    }
    expect(await queues.receiveBodies(deadLetterUrl, 1)).toEqual(["bad"]);
    const { deleted, retried } = mapping.activity();
    expect({ deleted, retried, left: await queues.count(queueUrl) }).toEqual({
      deleted: 1,
      retried: 2,
      left: 0,
    });
  });

  it("comes back when the function said, or else at the end of the queue's visibility timeout", async () => {
    const { queues, functionThat, map, makeVisible } = mappings;
    const journal = path.join(directory, "backOff");
    const queueUrl = await queues.create({ VisibilityTimeout: "600" });
    const environment = { JOURNAL: journal, QUEUE_URL: queueUrl, AWS_ENDPOINT_URL_SQS: queues.endpoint };
    const lambda = functionThat("", {
      handler: "functions/backOff.handler",
      environment,
      maximumEnvironments: 1,
    });
    const mapping = await map({ queueUrl, lambda });
    await queues.send(queueUrl, ["soon", "plain", "late"]);
    await until(() => mapping.activity().deleted === 2);
    const deliveries = () => readJournal(journal).map(({ body }) => body);
    // How soon is up to the machine. That these come again at all, and not too soon, is what the function has said.
    const isLate = secondsUntilRetry(readJournal(journal), "late") >= 2;
    expect({ isLate, deliveries: deliveries().sort() }).toEqual({
      isLate: true,
      deliveries: ["late", "late", "plain", "soon", "soon"],
    });
    await makeVisible(queueUrl);
    await until(() => mapping.activity().deleted === 3);
    expect(deliveries().filter((body) => body === "plain").length).toEqual(2);
  });
});

/** Whole seconds; a bit less than one counts, as the queue's clock starts before the function notes its own time. */
function secondsUntilRetry(lines: JournalLine[], body: string): number {
  const [first, second] = lines.filter((line) => line.body === body).map(({ at }) => at);
  return Math.floor(((second ?? Number.NaN) - (first ?? Number.NaN) + 300) / 1000);
}
