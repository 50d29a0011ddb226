import type { BusRule } from "./busRule.ts";
import type { EventEnvelope } from "./eventEnvelope.ts";
import { flattenEvent } from "./pattern/flattenEvent.ts";
import { matchPattern } from "./pattern/matchPattern.ts";
import { parsePattern } from "./pattern/parsePattern.ts";

/** The enabled rules of that bus that match the event, in the order of the template. */
type RouteEvent = (busName: string, event: EventEnvelope) => BusRule[];

/** Compiles the patterns once. Throws, with the rule's name, where EventBridge would refuse one. */
export function eventRouter(rules: readonly BusRule[]): RouteEvent {
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
