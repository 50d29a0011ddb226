import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTemplate } from "../../src/local/cloudformation/readTemplate.ts";
import type { StackModel } from "../../src/local/cloudformation/stackModel.ts";
import { localAccount } from "../../src/local/stack/localAccount.ts";

/** What a packaged service would deploy. Its queues are at an address where nobody answers. */
export async function readPackage(directory: string): Promise<StackModel> {
  const template = await readFile(join(directory, "cloudformation-template-update-stack.json"), "utf8");
  const queueUrl = (name: string) => `http://127.0.0.1:9/${localAccount.accountId}/${name}`;
  return readTemplate(JSON.parse(template), { ...localAccount, queueUrl });
}
