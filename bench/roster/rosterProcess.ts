import { PassThrough } from "node:stream";
import { runCli } from "../../src/cli/program.ts";
import { chimeClients } from "../../src/directory/chime/chimeClients.ts";
import { chimeDirectory } from "../../src/directory/chime/chimeDirectory.ts";
import { readDirectory } from "../../src/reconcile/readDirectory.ts";

// A script for `measureRoster`: does the one or the other in a process of its own, and tells what it took.
const [work, endpoint = "", ...args] = process.argv.slice(2);
const startedAt = performance.now();
if (work === "scan") {
  const clients = chimeClients({ endpoint, credentials: { accessKeyId: "bench", secretAccessKey: "bench" } });
  await readDirectory(["company"], chimeDirectory(clients));
} else {
  const sink = () => Object.assign(new PassThrough().resume(), { isTTY: false });
  const exitCode = await runCli(["plan", ...args, "--chime-endpoint", endpoint], {
    stdin: sink(),
    stdout: sink(),
    stderr: process.stderr,
  });
  if (exitCode !== 0) throw new Error(`rollcall plan ended with exit code ${exitCode}`);
}
process.send?.({
  seconds: (performance.now() - startedAt) / 1000,
  // `maxRSS` is in kibibytes.
  peakMebibytes: process.resourceUsage().maxRSS / 1024,
});
