import type { DynamoFault } from "@rollcall/aws-local/dynamoFaults";
import type { TableModel } from "@rollcall/aws-local/stackModel";
import { startDynamo } from "@rollcall/aws-local/startDynamo";
import { devAccount } from "../../dev/service/devAccount.ts";
import { readPackage } from "../bundles/measureBundles.ts";
import type { TableReport } from "./startServer.ts";

/** As Powertools wants it: https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/#required-resources */
const idempotencyTable: TableModel = {
  logicalId: "IdempotencyTable",
  name: "idempotency",
  arn: `arn:aws:dynamodb:${devAccount.region}:${devAccount.accountId}:table/idempotency`,
  ttlAttribute: "expiration",
  create: {
    TableName: "idempotency",
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  },
};

// A script for `startServer`: the packaged template's table and the one for idempotency, on dynalite, and what a request waits.
const [packageDirectory = "", milliseconds = "0"] = process.argv.slice(2);
const { tables } = await readPackage(packageDirectory);
const [ledger] = tables;
if (ledger === undefined) throw new Error("expected the ledger's table in the packaged template");
const delay: DynamoFault = { kind: "delay", milliseconds: Number(milliseconds) };
const dynamo = await startDynamo([...tables, idempotencyTable], devAccount, () =>
  delay.milliseconds > 0 ? delay : undefined,
);
const report: TableReport = { ledger: ledger.name, idempotency: idempotencyTable.name };
process.on("message", () => process.send?.(report));
process.once("disconnect", () => void dynamo.close());
process.send?.({ url: dynamo.url });
