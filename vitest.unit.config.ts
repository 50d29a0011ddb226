import { configDefaults, defineConfig } from "vitest/config";
import config from "./vitest.config.ts";

/** What starts the embedded stack, or looks at the packaged service or the built command. `npm test` runs it too. */
const needsMoreThanSources = [
  "test/stack/**",
  "test/dev/chaos/runChaos.test.ts",
  "test/dev/day/{runDay,startDay}.test.ts",
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
    // A fifth of the schedules; the whole suite holds all of them.
    env: { ...config.test?.env, INTERLEAVINGS_RUNS: "500" },
    exclude: [...configDefaults.exclude, ...needsMoreThanSources],
  },
});
