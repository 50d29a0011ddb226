import { runCli } from "./runCli.ts";

/** The one place that decides how the process ends. Exits by itself, so that no output is cut off. */
process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});
