import { bambooHr } from "../bamboohr/bambooHr.ts";
import { gusto } from "../gusto/gusto.ts";
import { hiBob } from "../hibob/hiBob.ts";
import type { Vendor } from "./vendor.ts";
import type { VendorName } from "./vendorNames.ts";

/** A new vendor is a row here and in `vendorNames.ts`, and a folder beside this one. */
export const vendors: Readonly<Record<VendorName, Vendor>> = { bamboohr: bambooHr, hibob: hiBob, gusto };
