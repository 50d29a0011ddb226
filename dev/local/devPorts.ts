import { once } from "node:events";
import { createServer } from "node:net";

/** The ports of `rollcall dev`, all on 127.0.0.1. They are fixed, so that what is noted once works again. */
export const devPorts = {
  chime: 4704,
  webhooks: 4705,
  scim: 4706,
  sqs: 4710,
  dynamodb: 4711,
  eventBridge: 4712,
  s3: 4713,
  ssm: 4714,
  console: 4747,
} as const;

export type DevPorts = Record<keyof typeof devPorts, number>;

export const anyPorts: DevPorts = {
  chime: 0,
  webhooks: 0,
  scim: 0,
  sqs: 0,
  dynamodb: 0,
  eventBridge: 0,
  s3: 0,
  ssm: 0,
  console: 0,
};

/** Finds the first port that another program has, before anything is started. */
export async function findTakenPort(ports: DevPorts): Promise<number | undefined> {
  for (const port of Object.values(ports)) if (port !== 0 && (await isTaken(port))) return port;
  return undefined;
}

async function isTaken(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return false;
  } catch {
    return true;
  } finally {
    server.close();
  }
}
