import { startDynamo } from "@rollcall/aws-local/startDynamo";
import { devAccount } from "../../dev/service/devAccount.ts";
import { readPackage } from "../bundles/measureBundles.ts";

// A script for `startServer`: the packaged template's table, on dynalite.
const [packageDirectory = ""] = process.argv.slice(2);
const { tables } = await readPackage(packageDirectory);
const dynamo = await startDynamo(tables, devAccount);
process.on("message", () => process.send?.({ tableName: tables[0]?.name }));
process.once("disconnect", () => void dynamo.close());
process.send?.({ url: dynamo.url });
