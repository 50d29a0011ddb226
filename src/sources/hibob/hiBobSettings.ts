import * as z from "zod";
import { apiUrl, credential, vendorSettings } from "../webhooks/vendorSettings.ts";

/** The parameter `hibob`. */
export const hiBobSettings = z.strictObject({
  ...vendorSettings,
  /** A service user that may read the fields in `readPerson.ts`. */
  api: z.strictObject({
    url: apiUrl.prefault("https://api.hibob.com"),
    user: credential,
    token: credential,
  }),
  /**
   * The lifecycle statuses in which nobody has access. Add `leave` to suspend whoever is on leave; take `garden leave` out to
   * leave people alone until they are terminated.
   */
  leaverStatuses: z.array(z.string().toLowerCase()).default(["terminated", "garden leave"]),
});

export type HiBobSettings = z.output<typeof hiBobSettings>;
