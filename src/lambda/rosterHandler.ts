import type { Context } from "aws-lambda";
import { AwsClient } from "aws4fetch";
import * as z from "zod";
import { openDirectories } from "../directory/kinds/openDirectories.ts";
import { sleep } from "../events/eventBridge/eventBridgeBus.ts";
import { publishEvents } from "../events/publishEvents.ts";
import { describeRoster } from "../observability/logRecords.ts";
import { measureRoster } from "../observability/measurements.ts";
import { readPolicy } from "../policy/file/policyFile.ts";
import { personQualifier } from "../policy/policyRules.ts";
import { maskError } from "../privacy/masking.ts";
import { dynamoRosterAddresses } from "../reconcile/dynamo/dynamoRosterAddresses.ts";
import { dynamoRosterMemory } from "../reconcile/dynamo/dynamoRosterMemory.ts";
import { readDirectory } from "../reconcile/readDirectory.ts";
import { s3RosterSource } from "../reconcile/s3/s3RosterSource.ts";
import { type WatchedRoster, type WatchOptions, watchRoster } from "../reconcile/watchRoster.ts";
import { observe, observedHandler, publishMeasurements } from "./observe.ts";
import { directoryOptions, eventBus, ledgerTable } from "./serviceClients.ts";
import { callBudget, observedSettings, readEnvironment, signalBeforeReserve } from "./settings.ts";

const common = {
  ...observedSettings,
  ROSTER_BUCKET: z.string().min(3),
  ROSTER_OBJECT: z.string().min(1),
  TABLE_NAME: z.string().min(3),
  POLICY_FILE: z.string().min(1),
  AWS_ENDPOINT_URL_S3: z.url().optional(),
  // Lambda sets these, and they hold for as long as the process lives.
  AWS_REGION: z.string().min(1),
  AWS_ACCESS_KEY_ID: z.string().min(1),
  AWS_SECRET_ACCESS_KEY: z.string().min(1),
  AWS_SESSION_TOKEN: z.string().optional(),
};
const settings = readEnvironment(
  z.discriminatedUnion("ROSTER_MODE", [
    z.object({ ...common, ROSTER_MODE: z.literal("report") }),
    z.object({ ...common, ROSTER_MODE: z.literal("sync"), EVENT_BUS_NAME: z.string().min(1) }),
  ]),
  process.env,
);
const observation = observe(settings);
const { logger, metrics } = observation;
const policy = readPolicy(settings.POLICY_FILE);
const { directory } = openDirectories(policy.accounts, directoryOptions);
const { ROSTER_BUCKET: bucket, ROSTER_OBJECT: key } = settings;
const source = s3RosterSource({
  client: new AwsClient({
    accessKeyId: settings.AWS_ACCESS_KEY_ID,
    secretAccessKey: settings.AWS_SECRET_ACCESS_KEY,
    ...(settings.AWS_SESSION_TOKEN !== undefined && { sessionToken: settings.AWS_SESSION_TOKEN }),
    service: "s3",
    region: settings.AWS_REGION,
    retries: 2,
  }),
  region: settings.AWS_REGION,
  bucket,
  key,
  endpoint: settings.AWS_ENDPOINT_URL_S3,
  clock: Date.now,
});
const table = ledgerTable(settings.TABLE_NAME);
const memory = dynamoRosterMemory(table, `s3://${bucket}/${key}`);
const addresses = dynamoRosterAddresses(table, personQualifier(policy));
const bus = settings.ROSTER_MODE === "sync" ? eventBus(settings.EVENT_BUS_NAME) : undefined;

async function handle(_event: unknown, context: Context): Promise<void> {
  const budget = callBudget(() => context.getRemainingTimeInMillis());
  const signal = signalBeforeReserve(context.getRemainingTimeInMillis());
  const publish: WatchOptions["publish"] =
    bus && ((lines) => publishEvents(lines, { bus, sleep, random: Math.random, signal }));
  const watched = await watchRoster({
    source,
    memory,
    policy,
    directory: { readAccounts: (ids) => readDirectory(ids, directory, { budget }) },
    addresses,
    signal,
    ...(publish && { publish }),
  });
  report(watched);
}

/** Logs and measures the run. Throws if an event was not published: Lambda then tries again within minutes, not an hour later. */
function report(watched: WatchedRoster): void {
  const line = describeRoster(watched);
  publishMeasurements(measureRoster(watched, Date.now()), metrics);
  if (watched.kind === "rejected") {
    logger.error(line);
    return;
  }
  logger.info(line);
  const { plan, publication } = watched;
  if (publication.kind !== "published" || publication.accepted === plan.changes.length) return;
  throw new Error(
    `${plan.changes.length - publication.accepted} of the roster's ${plan.changes.length} events were not published; they are published again, under the same ids`,
  );
}

/**
 * Compares the stored roster with the directory, on a schedule. Throws if the roster, the directory or the ledger's table
 * cannot be read, so that Lambda counts an error and tries again. The error is masked, because Lambda writes it to the log.
 */
export const handler = observedHandler(handle, observation, 0).onError((request) => {
  logger.error({ message: "the run over the roster failed", error: request.error });
  if (!metrics.invocation.hasStoredMetrics())
    publishMeasurements([{ name: "RosterEventsPublished", values: [0], dimensions: {} }], metrics);
  request.error = maskError(request.error);
});
