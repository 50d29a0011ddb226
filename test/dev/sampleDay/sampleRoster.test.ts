import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { sampleRoster } from "../../../dev/sampleDay/sampleRoster.ts";

it("the sample roster in events/ is the one that its script writes", async () => {
  const file = new URL("../../../events/sample-roster.csv", import.meta.url);
  expect(await readFile(file, "utf8")).toBe(sampleRoster());
});
