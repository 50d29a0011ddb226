import type { OtherPackage } from "@rollcall/aws-local/stack";
import type { StartedInvocation } from "@rollcall/aws-local/startLambda";
import { type Seed, seededFraction } from "@rollcall/simulated-service/seededDraws";
import * as z from "zod";
import { parseJson } from "../../src/events/boundedJson.ts";

/** The previous release and the present one, at work on the same table and queues. */
export interface MixedReleases {
  otherPackage: OtherPackage;
  onInvocation: (started: Pick<StartedInvocation, "functionName" | "environment" | "payload">) => void;
  counts: () => ReleaseCounts;
}

export interface ReleaseCounts {
  /** Invocations of the previous release's code. */
  invocations: number;
  /** People whose events were received by both releases. */
  peopleOfBoth: number;
}

/**
 * Lets about half of each function's execution environments run the previous release, as while a deployment is under way or
 * taken back. Killed processes are replaced by either, so a person's events meet both, in both directions.
 *
 * @param directory the package folder of the previous release
 */
export function mixedReleases(seed: Seed, directory: string): MixedReleases {
  const met = { previous: new Set<string>(), present: new Set<string>() };
  let invocations = 0;
  return {
    otherPackage: { directory, runs: (environment) => runsPrevious(seed, environment) },
    onInvocation: ({ functionName, environment: nth, payload }) => {
      const isPrevious = runsPrevious(seed, { functionName, nth });
      if (isPrevious) invocations += 1;
      for (const personId of peopleOf(payload)) met[isPrevious ? "previous" : "present"].add(personId);
    },
    counts: () => ({
      invocations,
      peopleOfBoth: [...met.previous].filter((personId) => met.present.has(personId)).length,
    }),
  };
}

/** Whether the `nth` execution environment of a function, from 1, runs the previous release. */
export function runsPrevious(
  seed: Seed,
  { functionName, nth }: { functionName: string; nth: number },
): boolean {
  return seededFraction(seed, `release ${functionName} ${nth}`) < 0.5;
}

const batch = z.object({ Records: z.array(z.object({ body: z.string() })) });
const message = z.object({ detail: z.object({ data: z.object({ personId: z.string() }) }) });

/** The function that publishes due decisions receives a scheduled event instead of records. */
function peopleOf(payload: unknown): string[] {
  const { Records = [] } = batch.safeParse(payload).data ?? {};
  return Records.flatMap(({ body }) => message.safeParse(parseJson(body)).data?.detail.data.personId ?? []);
}
