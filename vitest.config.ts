import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // The stack tests start servers and child processes; the machine's two cores are shared with them.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
