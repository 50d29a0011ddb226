import * as z from "zod";

/** What the simulator saw of a run, and how its directory stands after it. */
export const chimeReport = z.object({
  /** By operation. `users` are those whom the calls were to change. */
  calls: z.record(z.string(), z.object({ calls: z.number(), users: z.number() })),
  /** Ids of users. */
  suspended: z.array(z.string()),
  licensed: z.array(z.string()),
});

export type ChimeReport = z.output<typeof chimeReport>;
