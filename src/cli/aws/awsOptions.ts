import { InvalidArgumentError, Option } from "commander";

/** `--endpoint`, or another flag, for one service; `variable` is the AWS SDK's own for it. */
export function endpointOption(service: string, variable: string, flag = "--endpoint"): Option {
  return new Option(`${flag} <url>`, `another ${service} endpoint, such as a local stack's`)
    .env(variable)
    .argParser(parseEndpoint);
}

export function regionOption(): Option {
  return new Option("--region <name>", "AWS region (default: as the AWS configuration says)").argParser(
    parseRegion,
  );
}

function parseRegion(text: string): string {
  if (/^[a-z\d-]{1,63}$/.test(text)) return text;
  throw new InvalidArgumentError("Expected a region such as eu-central-1.");
}

function parseEndpoint(text: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new InvalidArgumentError("Expected a URL such as http://127.0.0.1:4010.");
}
