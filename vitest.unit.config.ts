import { configDefaults, defineConfig } from "vitest/config";
import config from "./vitest.config.ts";

/**
 * What starts the embedded stack, or looks at the packaged service or the built command, and the tests of the emulators and
 * of the programs around them, which start servers and processes. `npm test` runs it all.
 */
const needsMoreThanSources = [
  "test/packages/**",
  "test/dev/**",
  "test/stack/**",
  "test/infra/**",
  "test/lambda/*Handler.test.ts",
  "test/cli/{program,notBuilt}.test.ts",
  "test/cli/commands/**",
  "test/docs/readmeCommands.test.ts",
];

/** `npm run test:unit`: nothing is packaged, built or started as a stack. */
export default defineConfig({
  test: {
    ...config.test,
    globalSetup: [],
    // A part of the schedules and of the hostile records; the whole suite runs all of them.
    env: { ...config.test?.env, INTERLEAVINGS_RUNS: "300", FUZZ_RECORDS: "20000" },
    exclude: [...configDefaults.exclude, ...needsMoreThanSources],
  },
});
