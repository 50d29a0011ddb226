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
  /** People, ids and PINs follow from it. Default 1. */
  seed?: Seed;
  /** The waiting time of each call, by real time whatever `now` says. Default 0. */
  latencyMilliseconds?: number | ((call: ReceivedCall) => number);
  faults?: FaultPlan;
  /** The clock of timestamps, of the log and of rate limits, in milliseconds since the epoch. */
  now?: () => number;
  settings?: Partial<SimulatorSettings>;
}

export interface ChimeSimulator {
  /** The endpoint for the SDK's client, on 127.0.0.1. */
  url: string;
  directory: DirectoryAccess;
  calls: CallLog;
  faults: FaultControl;
  /** Breaks all connections and frees the port; calls that were still waiting take no effect. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts an Amazon Chime to talk to with the real SDK client: user administration on a directory in memory.
 * It is a model made from the documentation, not the service; where that is silent, see `settings.ts`.
 * https://docs.aws.amazon.com/chime/latest/APIReference/Welcome.html
 */
export async function startChimeSimulator(options: ChimeSimulatorOptions): Promise<ChimeSimulator> {
  const { seed = 1, now = Date.now } = options;
  const settings = { ...defaultSettings, ...options.settings };
  const state = seedDirectory(options.accounts, seed);
  const { log, record } = createCallLog();
  const { desk, decide } = createFaultControl(options.latencyMilliseconds ?? 0, options.faults);
  const closing = new AbortController();
  // Every waiting call listens to it, and there is no limit to how many may wait.
  setMaxListeners(0, closing.signal);
  const handler = createRequestHandler({ state, settings, now, decide, record, closing: closing.signal });
  const server = createServer(handler);
  // Idle connections stay open: a server that ends them meets the client's next request half the time, and
  // the client takes the reset for a fault of the service.
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
  /** Adds a plan beside those in force; the returned function takes it away again. */
  add(plan: FaultPlan): () => void;
  /** Takes all plans away, also the one that the simulator was started with; its usual latency stays. */
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
        // A wrapper of its own, so that a plan that is added twice counts twice and is removed once.
        const entry: FaultPlan = (call) => added(call);
        plans.add(entry);
        return () => plans.delete(entry);
      },
      clear: () => plans.clear(),
    },
  };
}
