import * as z from "zod";
import { policyObject } from "./policyObject.ts";

/** Sources that come through a function of their own, so that it is known when they were last heard. */
export const watchableSources = ["bamboohr", "hibob", "gusto", "okta"] as const;

type WatchableSource = (typeof watchableSources)[number];

/** CloudWatch looks back no further than seven days. */
const mostHours = 168;

const source = policyObject({
  observe: z
    .boolean()
    .exactOptional()
    .describe(
      "A trial: decisions from this source are journalled with what would be done, and no call is made.",
    ),
  silentHours: z
    .int()
    .min(1)
    .max(mostHours)
    .exactOptional()
    .describe(
      `An alarm rings if nothing has come from this source for so many hours. For ${watchableSources.join(", ")}; it should have sent something before.`,
    ),
});

export const sourcesSchema = z
  .record(z.string().min(1).max(256), source)
  .superRefine((sources, context) => {
    for (const [origin, { silentHours }] of Object.entries(sources))
      if (silentHours !== undefined && !isWatchable(origin))
        context.addIssue({
          code: "custom",
          path: [origin, "silentHours"],
          message: `can be watched for ${watchableSources.join(", ")} only`,
        });
  })
  .describe("Settings of systems that events come from, by metadata.origin of their events.");

function isWatchable(origin: string): origin is WatchableSource {
  return watchableSources.some((name) => name === origin);
}

export interface WatchedSource {
  origin: WatchableSource;
  silentHours: number;
}

/** The sources that must not be silent for long. */
export function listWatchedSources(sources: z.output<typeof sourcesSchema> = {}): WatchedSource[] {
  return Object.entries(sources).flatMap(([origin, { silentHours }]) =>
    silentHours !== undefined && isWatchable(origin) ? [{ origin, silentHours }] : [],
  );
}
