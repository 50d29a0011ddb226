import type { Measurement } from "./metricTable.ts";

/** Whether a webhook's call was refused that may have been its vendor's. */
export function measureRefused(isRefused: boolean): Measurement {
  return { name: "WebhooksRefused", values: [isRefused ? 1 : 0], dimensions: {} };
}
