import { ledgerContract } from "../ledgerContract.ts";
import { startDynamoWorld } from "./startDynamoWorld.ts";

ledgerContract("the ledger in DynamoDB", startDynamoWorld);
