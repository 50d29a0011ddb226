import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Their tests mostly wait, some of them for minutes: whichever came last would wait alone. */
const longest = /\/test\/(stack|dev)\//;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => Number(!longest.test(moduleId));
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // The service is packaged, and the command built, once for all tests that look at them or run them.
    globalSetup: ["test/packagedService.ts", "test/builtCommand.ts"],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    // The stack tests start servers and child processes; the machine's two cores are shared with them.
    // By default one core is left to others, of two: then the files run one after the other, and mostly wait.
    maxWorkers: 2,
    // No module under test keeps a state of its own; to load them anew for each file takes longer than most files.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // For hangs alone: no test takes a tenth of it, and a busy machine is many times slower.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 300_000 } },
  },
});
