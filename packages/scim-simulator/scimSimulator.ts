import { setMaxListeners } from "node:events";
import { type FaultControl, openFaultControl } from "@rollcall/simulated-service/faultControl";
import { startLocalServer } from "@rollcall/simulated-service/localServer";
import type { Seed } from "@rollcall/simulated-service/seededDraws";
import type { CallFault, FaultPlan, UserFault } from "./faults/scriptedScimFault.ts";
import { type CallLog, createCallLog, type ReceivedCall } from "./scimCallLog.ts";
import { createRequestHandler } from "./scimRequestHandler.ts";
import { type PopulatedTenant, seedTenants } from "./tenants/seedTenants.ts";
import { type DirectoryAccess, openDirectory } from "./tenants/tenantAccess.ts";

export interface ScimSimulatorOptions {
  tenants: readonly PopulatedTenant[];
  /** Generated people and ids depend on it alone. Default 1. */
  seed?: Seed;
  /** How long each call waits, in real time whatever `now` says. Default 0. */
  latencyMilliseconds?: number | ((call: ReceivedCall) => number);
  faults?: FaultPlan;
  /** The clock for timestamps, the log and rate limits, in milliseconds since the epoch. */
  now?: () => number;
  /** Of 127.0.0.1. Default: a free one. */
  port?: number;
}

export interface ScimSimulator {
  /** The server's address, on 127.0.0.1. A tenant's URL is this and its base path. */
  url: string;
  directory: DirectoryAccess;
  calls: CallLog;
  faults: FaultControl<ReceivedCall, UserFault, CallFault>;
  /** Closes all connections and frees the port. Waiting calls take no effect. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts a server of SCIM 2.0 service providers, one for each tenant, with users in memory. They follow RFC 7643 and
 * RFC 7644 unless a tenant's `behavior` says otherwise. https://www.rfc-editor.org/rfc/rfc7644
 */
export async function startScimSimulator(options: ScimSimulatorOptions): Promise<ScimSimulator> {
  const { seed = 1, now = Date.now } = options;
  const tenants = seedTenants(options.tenants, seed);
  const { log, record } = createCallLog();
  const { control, decide } = openFaultControl(options.latencyMilliseconds ?? 0, options.faults);
  const closing = new AbortController();
  // Every waiting call listens to this signal, and any number of calls may wait.
  setMaxListeners(0, closing.signal);
  const handler = createRequestHandler({ seed, tenants, now, decide, record, closing: closing.signal });
  const server = await startLocalServer(handler, options.port);
  return {
    url: server.url,
    directory: openDirectory(tenants, now),
    calls: log,
    faults: control,
    close: () => {
      closing.abort();
      return server.close();
    },
  };
}
