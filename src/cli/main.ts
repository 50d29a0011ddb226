import { runCli } from "./program.ts";

// Whoever reads our output may have read enough: `rollcall history P-1 | head` ends like any other command then. A terminal that
// was closed takes no more either (EIO).
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
  });
}

/** The one place that decides how the process ends. Exits by itself, so that no output is cut off. */
process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
});
