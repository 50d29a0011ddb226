import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { dayProgress } from "../../../dev/day/dayTerminal.ts";

function watch({ isTTY }: { isTTY: boolean }) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 20 });
  let now = 0;
  const progress = dayProgress(stream, () => (now += 1000));
  return { progress, written: () => String(stream.read() ?? "") };
}

describe("the progress of a day", () => {
  it("is one line for each stage where stderr is no terminal, and the problems", () => {
    const { progress, written } = watch({ isTTY: false });
    progress.stage("publishing");
    progress.detail("1 event");
    progress.stage("draining");
    progress.problem("a poller stopped");
    progress.clear();
    expect(written()).toEqual("publishing\ndraining\nwarning: a poller stopped\n");
  });

  it("is a line that is written over on a terminal, and never wider than that", () => {
    const { progress, written } = watch({ isTTY: true });
    progress.stage("publishing");
    progress.detail("1,000 events of many");
    progress.problem("a poller stopped");
    progress.clear();
    const start = "\r\u001b[K";
    expect(written()).toEqual(
      `${start}publishing${start}publishing: 1,000 e${start}warning: a poller stopped\n`,
    );
  });
});
