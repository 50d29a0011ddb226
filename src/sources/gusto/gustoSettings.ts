import * as z from "zod";
import { apiUrl, credential, vendorSettings } from "../webhooks/vendorSettings.ts";

/** The parameter `gusto`. The signing key is the subscription's verification token. */
export const gustoSettings = z.strictObject({
  ...vendorSettings,
  /** Gusto's access tokens are short-lived: whatever refreshes them writes the parameter anew. */
  api: z.strictObject({ url: apiUrl.prefault("https://api.gusto.com"), token: credential }),
});

export type GustoSettings = z.output<typeof gustoSettings>;
