import { Option } from "commander";

/** For the commands that look for one person's among many. */
export function personOption(): Option {
  return new Option("--person <person>", "only this person's, by id or e-mail address");
}
