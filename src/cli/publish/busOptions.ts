import { Option } from "commander";
import { endpointOption } from "../aws/awsOptions.ts";

/** Which bus events are put on. */
export function busOption(): Option {
  return new Option("--bus <name>", "event bus, by name or ARN; a stage's is called rollcall-STAGE")
    .env("ROLLCALL_BUS")
    .default("rollcall-dev");
}

export function busEndpointOption(): Option {
  return endpointOption("EventBridge", "AWS_ENDPOINT_URL_EVENTBRIDGE");
}
