import { type Intent, pipelineNames } from "../pipelines.ts";

/** Whose dead-letter queue is meant: a pipeline's, or that of the queue which takes in Okta's events. Not every stack has the latter. */
export type LetterSource = Intent | "okta";

/** In the order in which they are listed. */
export const letterSources: readonly LetterSource[] = [...pipelineNames, "okta"];
