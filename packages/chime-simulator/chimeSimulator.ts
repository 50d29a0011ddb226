import { once, setMaxListeners } from "node:events";
import { createServer, type Server } from "node:http";
import { type CallLog, createCallLog, type ReceivedCall } from "./callLog.ts";
import { type DirectoryAccess, openDirectory } from "./directoryAccess.ts";
import { latency, together } from "./faultPlans.ts";
import { defaultSettings, type SimulatorSettings } from "./operation.ts";
import { createRequestHandler } from "./requestHandler.ts";
import { combineFaults, type Fault, type FaultPlan } from "./scriptedFault.ts";
import { type PopulatedAccount, seedDirectory } from "./seedDirectory.ts";
import type { Seed } from "./seededValues.ts";

export interface ChimeSimulatorOptions {
  accounts: readonly PopulatedAccount[];
  /** Generated people, ids and PINs depend on it alone. Default 1. */
  seed?: Seed;
  /** How long each call waits, in real time whatever `now` says. Default 0. */
  latencyMilliseconds?: number | ((call: ReceivedCall) => number);
  faults?: FaultPlan;
  /** The clock for timestamps, the log and rate limits, in milliseconds since the epoch. */
  now?: () => number;
  settings?: Partial<SimulatorSettings>;
}

export interface ChimeSimulator {
  /** The endpoint for the SDK's client, on 127.0.0.1. */
  url: string;
  directory: DirectoryAccess;
  calls: CallLog;
  faults: FaultControl;
  /** Closes all connections and frees the port. Waiting calls take no effect. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts a simulator of Amazon Chime for the real SDK client: user administration on a directory in memory. It models
 * the documentation, not the service; `SimulatorSettings` names what the documentation leaves open.
 * https://docs.aws.amazon.com/chime/latest/APIReference/Welcome.html
 */
export async function startChimeSimulator(options: ChimeSimulatorOptions): Promise<ChimeSimulator> {
  const { seed = 1, now = Date.now } = options;
  const settings = { ...defaultSettings, ...options.settings };
  const state = seedDirectory(options.accounts, seed);
  const { log, record } = createCallLog();
  const { desk, decide } = createFaultControl(options.latencyMilliseconds ?? 0, options.faults);
  const closing = new AbortController();
  // Every waiting call listens to this signal, and any number of calls may wait.
  setMaxListeners(0, closing.signal);
  const handler = createRequestHandler({ state, settings, now, decide, record, closing: closing.signal });
  const server = createServer(handler);
  // Idle connections stay open. A server that closes them often does so just as the client sends its next request,
  // and the client takes the reset for a fault of the service.
  server.keepAliveTimeout = 0;
  const port = await listen(server);
  let closed: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    directory: openDirectory(state, now),
    calls: log,
    faults: desk,
    close: () => {
      closing.abort();
      closed ??= close(server);
      return closed;
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address !== null && typeof address === "object") return address.port;
  throw new Error(`Expected the server to listen on a TCP port, got ${address}.`);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

/** The fault plans in force, which a test may change between two calls. */
interface FaultControl {
  /** Adds a plan to those in force. The returned function removes it. */
  add(plan: FaultPlan): () => void;
  /** Removes all plans, the one from the start included. The usual latency stays. */
  clear(): void;
}

function createFaultControl(
  usualLatency: number | ((call: ReceivedCall) => number),
  plan: FaultPlan | undefined,
): { desk: FaultControl; decide: (call: ReceivedCall) => Fault } {
  const plans = new Set(plan === undefined ? [] : [plan]);
  const usual = latency(usualLatency);
  return {
    decide: (call) => together(usual, ...plans)(call) ?? combineFaults([]),
    desk: {
      add: (added) => {
        // The wrapper is new each time, so a plan that is added twice counts twice and is removed once.
        const entry: FaultPlan = (call) => added(call);
        plans.add(entry);
        return () => plans.delete(entry);
      },
      clear: () => plans.clear(),
    },
  };
}
