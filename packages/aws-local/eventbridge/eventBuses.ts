import {
  type BusReport,
  createDispatcher,
  type Deliver,
  emptyReport,
  type RetrySchedule,
} from "./delivery.ts";
import {
  type BusFaults,
  type BusRule,
  type EventEnvelope,
  type EventOrigin,
  toEnvelope,
} from "./eventModel.ts";
import { flattenEvent, matchPattern } from "./pattern/matchPattern.ts";
import { parsePattern } from "./pattern/parsePattern.ts";
import { type AcceptedEntry, checkEntry, type PutEventsEntry, type PutEventsResult } from "./putEvents.ts";

export interface EventBusOptions {
  /** The buses besides `default`, which every account has. */
  busNames: readonly string[];
  rules: readonly BusRule[];
  deliver: Deliver;
  origin: EventOrigin;
  faults?: BusFaults;
  retries?: RetrySchedule;
  now?: () => Date;
}

export interface EventBus {
  /** Accepts the entries of one call, in order. Deliveries continue after it has returned. */
  put: (entries: readonly PutEventsEntry[]) => PutEventsResult[];
  /** Resolves when no accepted event is still being delivered. */
  idle: () => Promise<void>;
  report: () => BusReport;
  /** Stops all waiting deliveries; the report counts them as dropped. */
  close: () => Promise<void>;
}

const fewRetries: RetrySchedule = { maximumRetries: 4, firstDelayMilliseconds: 25 };

/** Creates the event buses of one account, which deliver events to the targets of matching rules. */
export function createEventBus(options: EventBusOptions): EventBus {
  const { faults = {}, retries = fewRetries, now = () => new Date() } = options;
  const report = emptyReport();
  const dispatcher = createDispatcher({
    deliver: options.deliver,
    retries,
    // The fault is looked up each time, because a test may replace the faults while the bus runs.
    fault: (delivery) => faults.delivery?.(delivery),
    report,
  });
  const busNames = new Set(["default", ...options.busNames]);
  const route = eventRouter(options.rules);
  let entryCount = 0;

  function put(entry: PutEventsEntry): PutEventsResult {
    const checked = checkEntry(entry);
    if (checked.kind === "refused") return refuse(checked.code, checked.message);
    const fault = faults.entry?.({ index: entryCount++, entry });
    if (fault !== undefined) return refuse(fault.code, "This failure was asked for by a test.");

    const event = toEvent(entry, checked, options.origin, now);
    report.accepted++;
    dispatch(toBusName(entry.EventBusName), event);
    return { EventId: event.id };
  }

  function refuse(code: string, message: string): PutEventsResult {
    report.refused++;
    return { ErrorCode: code, ErrorMessage: message };
  }

  function dispatch(busName: string, event: EventEnvelope): void {
    if (!busNames.has(busName)) {
      report.unknownBuses[busName] = (report.unknownBuses[busName] ?? 0) + 1;
      return;
    }
    const rules = route(busName, event);
    if (rules.length === 0) report.unmatched++;
    const text = JSON.stringify(event);
    for (const rule of rules) {
      for (const target of rule.targets) {
        dispatcher.start({ rule, target, event, body: target.input ?? text });
      }
    }
  }

  return {
    put: (entries) => entries.map(put),
    idle: dispatcher.idle,
    report: () => structuredClone(report),
    close: dispatcher.close,
  };
}

function toEvent(entry: PutEventsEntry, accepted: AcceptedEntry, origin: EventOrigin, now: () => Date) {
  const { source, detailType, detail } = accepted;
  const time = typeof entry.Time === "number" ? new Date(entry.Time * 1000) : now();
  return toEnvelope(
    { source, "detail-type": detailType, resources: entry.Resources ?? [], detail },
    origin,
    time,
  );
}

/** Callers may name a bus by its ARN too. */
function toBusName(nameOrArn: string | null | undefined): string {
  return (nameOrArn || "default").replace(/^arn:[^:]*:events:[^:]*:[^:]*:event-bus\//, "");
}

/** Returns the enabled rules of that bus that match the event, in the order of the template. */
type RouteEvent = (busName: string, event: EventEnvelope) => BusRule[];

/** Compiles the patterns of all rules once. Throws, with the rule's name, if EventBridge would refuse one. */
function eventRouter(rules: readonly BusRule[]): RouteEvent {
  const compiled = rules
    .filter(({ enabled, pattern }) => enabled && pattern !== undefined)
    .map((rule) => ({ rule, pattern: compile(rule) }));

  return (busName, event) => {
    const fields = flattenEvent(event);
    return compiled
      .filter(({ rule, pattern }) => rule.busName === busName && matchPattern(pattern, fields))
      .map(({ rule }) => rule);
  };
}

function compile(rule: BusRule) {
  try {
    return parsePattern(rule.pattern);
  } catch (error) {
    throw new Error(`Rule ${rule.name} has an event pattern that EventBridge refuses.`, { cause: error });
  }
}
