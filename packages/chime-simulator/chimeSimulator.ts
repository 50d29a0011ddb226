import { setMaxListeners } from "node:events";
import { type FaultControl, openFaultControl } from "@rollcall/simulated-service/faultControl";
import { startLocalServer } from "@rollcall/simulated-service/localServer";
import type { Seed } from "@rollcall/simulated-service/seededDraws";
import { type CallLog, createCallLog, type ReceivedCall } from "./callLog.ts";
import { type DirectoryAccess, openDirectory } from "./directoryAccess.ts";
import { defaultSettings, type SimulatorSettings } from "./operation.ts";
import { createRequestHandler } from "./requestHandler.ts";
import type { CallFault, FaultPlan, UserFault } from "./scriptedFault.ts";
import { type PopulatedAccount, seedDirectory } from "./seedDirectory.ts";

export interface ChimeSimulatorOptions {
  accounts: readonly PopulatedAccount[];
  /** Generated people, ids and PINs depend on it alone. Default 1. */
  seed?: Seed;
  /** How long each call waits, in real time whatever `now` says. Default 0. */
  latencyMilliseconds?: number | ((call: ReceivedCall) => number);
  faults?: FaultPlan;
  /** The clock for timestamps, the log and rate limits, in milliseconds since the epoch. */
  now?: () => number;
  /** Of 127.0.0.1. Default: a free one. */
  port?: number;
  settings?: Partial<SimulatorSettings>;
}

export interface ChimeSimulator {
  /** The endpoint for the SDK's client, on 127.0.0.1. */
  url: string;
  directory: DirectoryAccess;
  calls: CallLog;
  faults: FaultControl<ReceivedCall, UserFault, CallFault>;
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
  const { control, decide } = openFaultControl(options.latencyMilliseconds ?? 0, options.faults);
  const closing = new AbortController();
  // Every waiting call listens to this signal, and any number of calls may wait.
  setMaxListeners(0, closing.signal);
  const handler = createRequestHandler({ state, settings, now, decide, record, closing: closing.signal });
  const server = await startLocalServer(handler, options.port);
  return {
    url: server.url,
    directory: openDirectory(state, now),
    calls: log,
    faults: control,
    close: () => {
      closing.abort();
      return server.close();
    },
  };
}
