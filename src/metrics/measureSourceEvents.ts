import type { Measurement } from "./metricTable.ts";

/** What became of the events that an invocation was told of from outside. */
export function measureSourceEvents(published: number, notPublished: number): Measurement[] {
  return [
    { name: "SourceEventsPublished", values: [published], dimensions: {} },
    { name: "SourceEventsNotPublished", values: [notPublished], dimensions: {} },
  ];
}
