import { describe, expect, it } from "vitest";
import { readSettings } from "../../src/functions/readSettings.ts";
import { pipelineNames } from "../../src/pipelines.ts";

const environment = {
  LOG_LEVEL: "INFO",
  POWERTOOLS_SERVICE_NAME: "rollcall-dev",
  PIPELINE: "offboard",
  QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/123456789012/offboard",
  DEAD_LETTER_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/123456789012/offboard-dlq",
  TABLE_NAME: "rollcall-ledger",
  POLICY_FILE: "policy.yml",
};
const names = Object.keys(environment);

/** What is said of an environment that is wrong. */
function complaint(wrong: Record<string, string | undefined>): string {
  try {
    return `no complaint, but ${JSON.stringify(readSettings(wrong))}`;
  } catch (error) {
    return String(error);
  }
}

/** The variables that a complaint is about. */
const blamed = (said: string) => names.filter((name) => new RegExp(`\\b${name}: `).test(said));

describe("a function's settings", () => {
  it("are the variables that it needs, and no others", () => {
    expect(readSettings({ ...environment, PATH: "/usr/bin" })).toEqual(environment);
  });

  it.each(pipelineNames)("can be those of the pipeline %s", (name) => {
    expect(readSettings({ ...environment, PIPELINE: name }).PIPELINE).toBe(name);
  });

  it.each(names)("are refused without %s, which is named", (name) => {
    const said = complaint({ ...environment, [name]: undefined });
    expect(blamed(said)).toEqual([name]);
  });

  it.each(names)("are refused with an empty %s, which is named", (name) => {
    const said = complaint({ ...environment, [name]: "" });
    expect(blamed(said)).toEqual([name]);
  });

  it("are refused with everything that is wrong at once, and where to put it right", () => {
    const said = complaint({ ...environment, PIPELINE: "outboard", QUEUE_URL: "offboard" });
    expect(said).toContain("src/deploy/");
    expect(said).toContain("PIPELINE: Invalid option");
    expect(said).toContain("QUEUE_URL: Invalid URL");
  });
});
