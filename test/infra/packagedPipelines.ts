import { type Pipeline, pipelineNames, pipelines } from "../../src/pipelineSettings.ts";

/** The logical ids that a pipeline's resources have. */
function idsOf(name: string) {
  const id = name.charAt(0).toUpperCase() + name.slice(1);
  return {
    queue: `${id}Queue`,
    deadLetterQueue: `${id}DeadLetterQueue`,
    rule: `${id}Rule`,
    role: `${id}Role`,
    function: `${id}LambdaFunction`,
    logGroup: `${id}LogGroup`,
  };
}

/** A row for each pipeline: its name, its line of the table and the ids of its resources in the template. */
export const packagedPipelines = pipelineNames.map((name) => {
  const pipeline: Pipeline = pipelines[name];
  return { name, pipeline, ids: idsOf(name) };
});
