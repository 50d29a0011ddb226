import { startDynamo } from "../../src/local/dynamodb/startDynamo.ts";
import { localAccount } from "../../src/local/stack/localAccount.ts";
import { readPackage } from "../bundles/readPackage.ts";

// A script for `startServer`: the packaged template's table, on dynalite.
const [packageDirectory = ""] = process.argv.slice(2);
const { tables } = await readPackage(packageDirectory);
const dynamo = await startDynamo(tables, localAccount);
process.on("message", () => process.send?.({ tableName: tables[0]?.name }));
process.once("disconnect", () => void dynamo.close());
process.send?.({ url: dynamo.url });
