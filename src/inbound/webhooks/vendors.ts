import { bambooHr } from "./bambooHr.ts";
import { gusto } from "./gusto.ts";
import { hiBob } from "./hiBob.ts";
import type { Vendor, VendorName } from "./vendor.ts";

/** A new vendor is a row here and in `vendorNames.ts`, and a folder beside this one. */
export const vendors: Readonly<Record<VendorName, Vendor>> = { bamboohr: bambooHr, hibob: hiBob, gusto };
