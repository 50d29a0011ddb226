import { unusable } from "../reading.ts";
import { vendorTime } from "../vendorTime.ts";
import { hasSignature } from "../webhooks/signature.ts";
import { type Delivery, vendor } from "../webhooks/vendor.ts";
import { type BambooHrSettings, bambooHrSettings } from "./bambooHrSettings.ts";
import { fieldBased, readFieldBased } from "./readFieldBased.ts";
import { readThin, thin } from "./readThin.ts";

/** Either way, for clocks differ. A call that was overheard is worth nothing after it. */
const replayWindowMilliseconds = 300_000;

/** BambooHR's webhooks, of both kinds. https://documentation.bamboohr.com/docs/webhooks */
export const bambooHr = vendor({
  settings: bambooHrSettings,
  refusal,
  read: (payload, settings) => {
    const many = fieldBased.safeParse(payload);
    if (many.success) return readFieldBased(many.data, settings);
    const one = thin.safeParse(payload);
    if (one.success) return [readThin(one.data, settings)];
    return [unusable("neither a field-based nor a thin webhook of BambooHR")];
  },
});

function refusal({ headers, body }: Delivery, settings: BambooHrSettings, now: number): string | undefined {
  const signature = headers["x-bamboohr-signature"];
  const timestamp = headers["x-bamboohr-timestamp"];
  if (signature === undefined) return "no X-BambooHR-Signature";
  if (timestamp === undefined) return "no X-BambooHR-Timestamp";
  const signed = { parts: [body, settings.signatureSeparator, timestamp], keys: settings.signingKeys };
  if (!hasSignature(signature, { algorithm: "sha256", encoding: "hex" }, signed)) return "a wrong signature";
  // Only now: a time that nobody signed says nothing.
  const time = vendorTime(timestamp);
  if (time === undefined) return "an X-BambooHR-Timestamp that is no time";
  return Math.abs(now - time) > replayWindowMilliseconds ? "an old timestamp" : undefined;
}
