import { devAccount } from "../dev/service/devAccount.ts";
import { readTemplate } from "../packages/aws-local/cloudformation/readTemplate.ts";
import type { TableModel } from "../packages/aws-local/cloudformation/stackModel.ts";
import { tableResources } from "../src/infra/template.ts";

/** The table that the template would deploy, as the embedded stack reads it. */
export function ledgerTables(stackName: string = devAccount.stackName): TableModel[] {
  const queueUrl = (name: string) => `http://127.0.0.1/${name}`;
  return readTemplate({ Resources: tableResources() }, { ...devAccount, stackName, queueUrl }).tables;
}
