import { expect, it, onTestFinished } from "vitest";
import { startPackaged } from "./startPackaged.ts";

it("the packaged publishDue fails if the ledger cannot be read, so that Lambda counts an error", async () => {
  const { invoke, logs, close } = await startPackaged("publishDue", {
    environment: { AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
  });
  onTestFinished(close);
  expect(await invoke({})).toMatchObject({
    kind: "error",
    errorMessage: expect.stringContaining("ECONNREFUSED"),
  });
  expect(logs).toEqual([]);
});
