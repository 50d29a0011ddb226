import type { Outcome } from "../../drain/outcome.ts";
import { parseJson } from "../../events/parseJson.ts";
import type { SourceEventEnd } from "../publishSourceEvents.ts";
import type { Conclusion } from "../reading.ts";
import type { SourceEvent } from "../sourceEvent.ts";
import { readOktaEvent } from "./readOktaEvent.ts";

/**
 * Messages in, each holding an event of Okta's; the same with what became of it out, in their order. What we make nothing of
 * is `excluded`, what nothing can be made of `rejected`.
 */
export async function takeInOkta<Message extends { body: string }>(
  messages: readonly Message[],
  publish: (events: readonly SourceEvent[]) => Promise<SourceEventEnd[]>,
): Promise<{ message: Message; outcome: Outcome }[]> {
  const conclusions = messages.map(({ body }) => readOktaEvent(parseJson(body)));
  const events = conclusions.flatMap((each) => (each.kind === "event" ? [each.event] : []));
  const ends = (await publish(events)).values();
  return messages.map((message, index) => ({ message, outcome: toOutcome(conclusions[index], ends) }));
}

function toOutcome(conclusion: Conclusion | undefined, ends: Iterator<SourceEventEnd>): Outcome {
  switch (conclusion?.kind) {
    case "event":
      return outcomeOfEnd(ends.next().value);
    case "nothing":
      return { kind: "excluded", rule: conclusion.why };
    case "unusable":
      return { kind: "rejected", code: "Unusable", reason: conclusion.why };
    case undefined:
      throw new RangeError("fewer conclusions than messages");
  }
}

function outcomeOfEnd(end: SourceEventEnd | undefined): Outcome {
  switch (end?.kind) {
    case "accepted":
      return { kind: "applied", requestId: undefined };
    case "unusable":
      return { kind: "rejected", code: "Malformed", reason: end.why };
    case "failed":
      return { kind: "retry", code: "NotPublished", reason: end.why };
    case undefined:
      throw new RangeError("fewer ends than events");
  }
}
