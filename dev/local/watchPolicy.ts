import { unwatchFile, watchFile } from "node:fs";
import { writeFile } from "node:fs/promises";
import { readPolicy } from "../../src/policy/file/policyFile.ts";
import type { DevScreen } from "./devScreen.ts";
import type { DevStack } from "./devStack.ts";

const pollMilliseconds = 500;

/** Gives the functions the policy anew whenever its file is saved. One that is not valid is told, and the one before stays. */
export function watchPolicy(file: string, stack: DevStack, { say }: DevScreen): () => void {
  let last = Promise.resolve();
  const renew = async () => {
    try {
      const policy = stack.withScim(readPolicy(file));
      for (const each of [...stack.policyCopies, stack.policyFile])
        await writeFile(each, JSON.stringify(policy, null, 2));
      await Promise.all([...stack.functions.values()].map((lambda) => lambda.renew()));
      say("policy.yml read again: what is decided from now on follows it. Its alarms need a new start", {
        style: "green",
      });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      say(`policy.yml is not valid, and the one before stays: ${why.replaceAll("\n", "; ")}`, {
        style: "red",
      });
    }
  };
  // Editors replace a file as often as they write into it, and only polling sees both everywhere.
  watchFile(file, { interval: pollMilliseconds, persistent: false }, (now, before) => {
    if (now.mtimeMs !== before.mtimeMs && now.mtimeMs !== 0) last = last.then(renew);
  });
  return () => unwatchFile(file);
}
