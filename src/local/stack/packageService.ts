import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const projectDirectory = fileURLToPath(new URL("../../../", import.meta.url));
const serverless = fileURLToPath(
  new URL("../../../node_modules/serverless/bin/serverless.js", import.meta.url),
);

/**
 * Runs `serverless package`: writes the template and the bundles that would be deployed into a directory. Throws an
 * error with what the command printed if it fails.
 */
export async function packageService(directory: string): Promise<void> {
  const child = spawn(process.execPath, [serverless, "package", "--package", directory], {
    cwd: projectDirectory,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  if (code !== 0)
    throw new Error(`\`serverless package\` failed with exit code ${code}:\n${stdout}${stderr}`);
}
