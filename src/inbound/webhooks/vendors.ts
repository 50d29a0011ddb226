import { bambooHr } from "./bambooHr.ts";
import { gusto } from "./gusto.ts";
import { hiBob } from "./hiBob.ts";
import type { Vendor, VendorName } from "./vendor.ts";

/**
 * The vendors whose webhooks are received, by the last part of their address. A new vendor is a file beside this one, a row
 * here, and its name in `vendorNames` (`vendor.ts`) and in `SourceName` (`inboundEvent.ts`).
 */
export const vendors: Readonly<Record<VendorName, Vendor>> = { bamboohr: bambooHr, hibob: hiBob, gusto };
