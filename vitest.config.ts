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
    // Many files mostly wait for servers and processes of their own: one more than a small machine has cores keeps them busy.
    maxWorkers: 3,
    // No module under test keeps a state of its own; to load them anew for each file takes longer than most files.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // For hangs alone: no test takes a tenth of it, and a busy machine is many times slower.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 300_000 } },
  },
});
