import pMap from "p-map";
import { DirectoryError, type Failure } from "../../directory/directory.ts";
import type {
  OpenService,
  OperationAnswer,
  OperationInput,
  OperationTarget,
  ServiceOperation,
} from "../../directory/serviceOperation.ts";
import type { OperatorAct, OperatorActs } from "../../ledger/operatorDecisions.ts";
import { countBy, type Redact, redactForDisplay, redactJson } from "../displayText.ts";

export interface ReadServiceRequest {
  operation: ServiceOperation;
  input: OperationInput;
  /** Reads on until there is no further page. */
  allPages: boolean;
}

export interface ServicePorts {
  service: Pick<OpenService, "call">;
  signal: AbortSignal;
  /** Fields of answers that name a person. */
  namingFields: readonly string[];
  isRevealed: boolean;
}

/** A service's answer, for people: with addresses and names masked unless they are asked for. */
export interface ServiceReport {
  operation: string;
  requestId: string | null;
  answer: unknown;
  /** What `--next-token` takes for the page that follows; `null` for none. */
  nextPageToken: string | null;
}

/** Calls an operation that only reads. Throws `DirectoryError`. */
export async function readService(
  { operation, input, allPages }: ReadServiceRequest,
  { service, signal, ...masking }: ServicePorts,
): Promise<ServiceReport> {
  const first = await service.call(operation.name, input, signal);
  const list = operation.pages?.list;
  const items: unknown[] = [];
  let last = first;
  for (;;) {
    const { [list ?? ""]: page } = last.body;
    if (Array.isArray(page)) items.push(...page);
    if (!allPages || list === undefined || last.nextPageToken === undefined || signal.aborted) break;
    last = await service.call(operation.name, { ...input, NextToken: last.nextPageToken }, signal);
  }
  const body = list === undefined ? first.body : { ...first.body, [list]: items };
  return {
    operation: operation.name,
    requestId: first.requestId ?? null,
    answer: toShown(body, input, masking),
    nextPageToken: last.nextPageToken ?? null,
  };
}

function toShown(
  body: OperationAnswer["body"],
  input: OperationInput,
  { namingFields, isRevealed }: Pick<ServicePorts, "namingFields" | "isRevealed">,
): unknown {
  if (isRevealed) return body;
  const typed = Object.values(input).flatMap((value) =>
    typeof value === "string" ? [value] : typeof value === "object" ? value.map(({ target }) => target) : [],
  );
  const hide = (key: string, value: unknown) => (namingFields.includes(key) && value ? "***" : value);
  return redactJson(JSON.stringify(body, hide), redactForDisplay(...typed));
}

export interface ChangeServiceRequest {
  operation: ServiceOperation;
  /** Without the targets of a batch. */
  input: OperationInput;
  /** Of a batch. */
  targets: readonly OperationTarget[];
  /** Calls about shared devices too. */
  includeDevices: boolean;
  /** Who acts, and why, for the journal. */
  by: string;
  because: string;
}

export interface ChangeServicePorts extends ServicePorts {
  service: Pick<OpenService, "call" | "devicesOf">;
  acts: Pick<OperatorActs, "record">;
  /** Milliseconds since the epoch. */
  now: () => number;
  newId: () => string;
  /** Asked before anything is written or called. */
  confirm: (about: { targets: readonly string[]; calls: number; devices: number }) => Promise<boolean>;
  onProgress: (progress: { done: number; all: number }) => void;
  /** Why the ledger did not take an act, in words. */
  explainFailure: (error: unknown) => string;
}

/** What became of one target; of the whole call, where it has none. */
export interface TargetReport {
  target: string;
  /** `device`: left out, because it is a shared device. `untouched`: not called any more. */
  result: "done" | "failed" | "device" | "untouched";
  code?: string;
  failure?: string;
}

export interface ServiceChangeReport extends Omit<ServiceReport, "nextPageToken"> {
  accountId: string | null;
  counts: Partial<Record<TargetReport["result"], number>>;
  targets: TargetReport[];
  /** Why the journal has no result of some call; it has its beginning all the same. */
  journalFault?: string;
  /** Why no further call was made: the journal did not take the next one. */
  stoppedBy?: string;
}

/**
 * Calls an operation that changes something: for each call the journal names the operator first. A shared device is left out, unless it is
 * meant. Throws what the ledger throws before the first call, and `DirectoryError` where the devices cannot be read.
 */
export async function changeService(
  { operation, input, targets, includeDevices, by, because: note }: ChangeServiceRequest,
  ports: ChangeServicePorts,
): Promise<{ kind: "declined" } | { kind: "called"; report: ServiceChangeReport }> {
  const { service, signal } = ports;
  const accountId = textOf(input, "AccountId");
  const userId = textOf(input, "UserId");
  const asked = userId === undefined ? targets : [{ target: userId }];
  const mayBeDevices = operation.aboutPeople === true && !includeDevices && accountId !== undefined;
  const devices = mayBeDevices ? await service.devicesOf(accountId, signal) : new Set<string>();
  const meant = asked.filter(({ target }) => !devices.has(target));
  const calls = callsOf(operation, meant, asked.length);
  const names = meant.map(({ target }) => target);
  const about = { targets: names, calls: calls.length, devices: asked.length - meant.length };
  if (calls.length > 0 && !(await ports.confirm(about))) return { kind: "declined" };
  const run = await makeCalls({ operation, input, calls, by, note, accountId }, ports);
  const left = asked.filter(({ target }) => devices.has(target));
  const results: TargetReport[] = [
    ...run.results,
    ...left.map(({ target }) => ({ target, result: "device" as const })),
  ];
  const redact: Redact = ports.isRevealed
    ? (text) => text
    : redactForDisplay(...asked.map(({ target }) => target));
  return {
    kind: "called",
    report: {
      operation: operation.name,
      accountId: accountId ?? run.answer?.createdAccountId ?? null,
      requestId: run.answer?.requestId ?? null,
      answer: run.answer === undefined ? null : toShown(run.answer.body, { ...input, targets }, ports),
      counts: countBy(results, ({ result }) => result),
      targets: results.map((each) => ({
        ...each,
        target: redact(each.target),
        ...(each.failure !== undefined && { failure: redact(each.failure) }),
      })),
      ...(run.journalFault !== undefined && { journalFault: run.journalFault }),
      ...(run.stoppedBy !== undefined && { stoppedBy: run.stoppedBy }),
    },
  };
}

function textOf(input: OperationInput, name: string): string | undefined {
  const { [name]: value } = input;
  return typeof value === "string" ? value : undefined;
}

/** A call about no user has one part without targets. */
function callsOf(
  { batch }: ServiceOperation,
  meant: readonly OperationTarget[],
  asked: number,
): (readonly OperationTarget[])[] {
  if (batch === undefined) return asked > 0 && meant.length === 0 ? [] : [meant];
  const calls: OperationTarget[][] = [];
  for (let index = 0; index < meant.length; index += batch.most)
    calls.push(meant.slice(index, index + batch.most));
  return calls;
}

interface Calls {
  operation: ServiceOperation;
  input: OperationInput;
  calls: readonly (readonly OperationTarget[])[];
  by: string;
  note: string;
  accountId: string | undefined;
}

interface CallsEnd {
  results: TargetReport[];
  /** Of the last call. */
  answer?: OperationAnswer;
  journalFault?: string;
  stoppedBy?: string;
}

async function makeCalls(
  { operation, input, calls, by, note, accountId }: Calls,
  ports: ChangeServicePorts,
): Promise<CallsEnd> {
  const end: CallsEnd = { results: [] };
  let isStopped = false;
  const makeOne = async (targets: readonly OperationTarget[], index: number) => {
    const names = targets.length > 0 ? targets.map(({ target }) => target) : [accountId ?? "new"];
    const leave = () => {
      end.results.push(...names.map((target) => ({ target, result: "untouched" as const })));
    };
    if (isStopped || ports.signal.aborted) return leave();
    const act: OperatorAct = {
      id: ports.newId(),
      at: new Date(ports.now()).toISOString(),
      operation: operation.name,
      ...(accountId !== undefined && { accountId }),
      // An address names a person, and the journal keeps none.
      userIds: targets.map(({ target }) => target).filter((target) => !target.includes("@")),
      by,
      note,
      result: "begun",
    };
    try {
      await ports.acts.record(act);
    } catch (error) {
      // What was done before has to be told.
      if (index === 0) throw error;
      end.stoppedBy = ports.explainFailure(error);
      isStopped = true;
      return leave();
    }
    const made = await makeCall(operation, { input, targets, names }, ports);
    end.results.push(...made.results);
    if (made.answer !== undefined) end.answer = made.answer;
    isStopped = made.failure?.class === "configuration";
    try {
      await ports.acts.record({ ...act, ...onRecord(made) });
      // Nobody would look for it under no account.
      const created = made.answer?.createdAccountId;
      if (created !== undefined) await ports.acts.record({ ...act, ...onRecord(made), accountId: created });
    } catch (error) {
      end.journalFault = ports.explainFailure(error);
    }
    ports.onProgress({ done: index + 1, all: calls.length });
  };
  await pMap(calls, makeOne, { concurrency: 1 });
  return end;
}

interface MadeCall {
  results: TargetReport[];
  answer?: OperationAnswer;
  failure?: Failure;
}

async function makeCall(
  operation: ServiceOperation,
  { input, targets, names }: { input: OperationInput; targets: readonly OperationTarget[]; names: string[] },
  { service, signal }: Pick<ChangeServicePorts, "service" | "signal">,
): Promise<MadeCall> {
  const batch = operation.batch === undefined ? {} : { [operation.batch.parameter]: targets };
  try {
    const answer = await service.call(operation.name, { ...input, ...batch }, signal);
    const results = names.map((target): TargetReport => {
      const result = answer.results?.get(target);
      if (result?.kind === "failed") return { target, result: "failed", ...told(result.failure) };
      return { target, result: "done" };
    });
    return { results, answer };
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    const { failure } = error;
    return { results: names.map((target) => ({ target, result: "failed", ...told(failure) })), failure };
  }
}

function told({ code, message }: Failure): Pick<TargetReport, "code" | "failure"> {
  return { code, failure: message };
}

/** What the journal keeps of a call's end. */
function onRecord({
  results,
  answer,
  failure,
}: MadeCall): Pick<OperatorAct, "result" | "code" | "requestId"> {
  const failed = results.filter(({ result }) => result === "failed");
  const [first] = failed;
  const requestId = answer?.requestId ?? failure?.requestId;
  const result = failed.length === 0 ? "done" : failed.length < results.length ? "partly" : "failed";
  return {
    result,
    ...(first?.code !== undefined && { code: first.code }),
    ...(requestId !== undefined && { requestId }),
  };
}
