import type { DetailType } from "./events/hrEvent.ts";

/** What a decision wants done: a joiner gets access, a leaver loses it, a returner gets it back, a license changes. */
export type Intent = "onboard" | "offboard" | "reinstate" | "relicense";

/** What of a person a decision is about. Decisions are ordered within one aspect: a license change never races a suspension. */
export type Aspect = "access" | "license";

export interface Pipeline {
  intent: Intent;
  aspect: Aspect;
  /** The EventBridge detail-types that the pipeline's rule sends to its queue. */
  detailTypes: readonly DetailType[];
  /** Messages per invocation, 1-10,000; Lambda also stops at 6 MB. */
  batchSize: number;
  /** How long Lambda gathers messages for a fuller batch, 1-300 s. Short where speed is safety. */
  windowSeconds: number;
  /** Concurrent invocations, 2-1000. Few, because every extra one splits a batch in two. */
  maximumConcurrency: number;
  timeoutSeconds: number;
  memoryMegabytes: number;
  /** The service level objective: an alarm rings when the oldest message of the queue is older. */
  objectiveSeconds: number;
}

const shared = { batchSize: 1000, maximumConcurrency: 2, timeoutSeconds: 120, memoryMegabytes: 512 };

/** The table of pipelines. The handlers, the template and its tests follow from it. */
export const pipelines = {
  onboard: {
    ...shared,
    intent: "onboard",
    aspect: "access",
    detailTypes: ["EmployeeHired"],
    windowSeconds: 10,
    objectiveSeconds: 3600,
  },
  offboard: {
    ...shared,
    intent: "offboard",
    aspect: "access",
    detailTypes: ["EmployeeLeft"],
    windowSeconds: 5,
    objectiveSeconds: 900,
  },
  reinstate: {
    ...shared,
    intent: "reinstate",
    aspect: "access",
    detailTypes: ["EmployeeReturned"],
    windowSeconds: 10,
    objectiveSeconds: 1800,
  },
  relicense: {
    ...shared,
    intent: "relicense",
    aspect: "license",
    detailTypes: ["LicenseChanged", "EmployeeRoleChanged"],
    windowSeconds: 30,
    objectiveSeconds: 14_400,
  },
} as const satisfies Record<Intent, Pipeline>;

export const pipelineNames = Object.keys(pipelines) as Intent[];

export function isPipelineName(value: unknown): value is Intent {
  return typeof value === "string" && Object.hasOwn(pipelines, value);
}

/** The names of a pipeline's queues, or of Okta's, in a deployed stack. */
export function queueNames(stackName: string, source: Intent | "okta") {
  return { queue: `${stackName}-${source}`, deadLetterQueue: `${stackName}-${source}-dlq` };
}
