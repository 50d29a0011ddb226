import { defineConfig } from "vitest/config";
import parts from "./files.json" with { type: "json" };

/** The part that `mutate.ts` is running; all of them where nobody names one. */
const part = process.env.MUTATION_PART;

/** Nothing is packaged or built first, as it is for `npm test`: the pure files do not need it, and it takes long. */
export default defineConfig({
  test: {
    include: Object.entries(parts).flatMap(([name, { tests }]) =>
      part === undefined || part === name ? tests : [],
    ),
    isolate: false,
    testTimeout: 90_000,
  },
});
