import { countOf } from "../../cli/terminal.ts";
import type { BusReport } from "../eventbridge/busReport.ts";

/** What the bus accepted and brought nowhere, as AWS would without a word. Nothing, if all is well. */
export function describeBusLosses({ unmatched, unknownBuses, dropped }: BusReport): string[] {
  return [
    ...(unmatched === 0 ? [] : [`${countOf(unmatched, "event")} matched no rule`]),
    ...Object.entries(unknownBuses).map(
      ([bus, count]) => `${countOf(count, "event")} went to the bus ${bus}, which does not exist`,
    ),
    ...dropped.map(
      ({ targetArn, failure, deadLetterFailure }) =>
        `1 event could not be brought to ${targetArn} (${failure.message}), and ${
          deadLetterFailure === undefined
            ? "the target has no dead-letter queue"
            : `its dead-letter queue did not take it (${deadLetterFailure.message})`
        }`,
    ),
  ];
}
