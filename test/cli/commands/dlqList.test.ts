import { describe, expect, it } from "vitest";
import { leaverBody, useDlqBench } from "./dlqBench.ts";

const bench = useDlqBench();
const notFound = {
  kind: "rejected",
  code: "UserNotFound",
  reason: "account team-0001 has no user with this address; check the address in HR, or suspend by hand",
} as const;
const hours = 3_600_000;

async function bury() {
  await bench.reject("offboard", [leaverBody("hr-1", "P-1")], { ...notFound, agoMilliseconds: 5 * hours });
  await bench.reject("offboard", [leaverBody("hr-2", "P-2")], { ...notFound, agoMilliseconds: 3 * hours });
  await bench.reject("offboard", ["not JSON"], {
    kind: "rejected",
    code: "Malformed",
    reason: "body: expected a JSON object with detail-type and detail; got a string of 8 characters",
    agoMilliseconds: 2 * hours,
  });
  await bench.bury("relicense", leaverBody("hr-4", "P-4"), {
    ERROR_CODE: "NO_PERMISSIONS",
    ERROR_MESSAGE: "the queue's policy does not let the rule send",
    RETRY_ATTEMPTS: "0",
  });
  await bench.bury("reinstate", leaverBody("hr-5", "P-5"));
}

describe("rollcall dlq list", () => {
  it("says that there are none, which is no failure", async () => {
    const runs = [await bench.run(["dlq", "list"]), await bench.run(["dlq", "list", "--code", "Malformed"])];
    expect(runs).toEqual([
      { exitCode: 0, stdout: "No dead letters.\n", stderr: "" },
      { exitCode: 0, stdout: "No dead letter is like that.\n", stderr: "" },
    ]);
  });

  it("lists every kind of them, counts each kind, and says what to do next", async () => {
    await bury();
    const { exitCode, stdout, stderr } = await bench.run(["dlq", "list"]);
    console.log(stdout);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});
