import { configDefaults, defineConfig } from "vitest/config";
import config from "./vitest.config.ts";

/** What starts the embedded stack, or looks at the packaged service or the built command. `npm test` runs it too. */
const needsMoreThanSources = [
  "test/local/stack/**",
  "test/local/chaos/{runChaos,adjustStack}.test.ts",
  "test/local/day/{runDay,startDay}.test.ts",
  "test/deploy/**",
  "test/functions/{drain,okta,publishDue,roster,webhook}.test.ts",
  "test/cli/{usage,notBuilt}.test.ts",
  "test/cli/commands/**",
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
