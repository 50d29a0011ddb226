import { tableResources } from "../../../src/deploy/table.ts";
import { readTemplate } from "../../../src/local/cloudformation/readTemplate.ts";
import type { TableModel } from "../../../src/local/cloudformation/stackModel.ts";
import { localAccount } from "../../../src/local/stack/localAccount.ts";

/** The table that the template would deploy, as the embedded stack reads it. */
export function ledgerTables(): TableModel[] {
  const queueUrl = (name: string) => `http://127.0.0.1/${name}`;
  return readTemplate({ Resources: tableResources() }, { ...localAccount, queueUrl }).tables;
}
