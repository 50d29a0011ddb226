/** Each is the last part of a vendor's address and of its parameter. For the template too, which needs no adapter. */
export const vendorNames = ["bamboohr", "hibob", "gusto"] as const;

export type VendorName = (typeof vendorNames)[number];

export function isVendorName(value: string): value is VendorName {
  return vendorNames.some((name) => name === value);
}

/** Where a token is put that came before its vendor was configured. */
export const verificationName = (vendor: VendorName) => `${vendor}-verification`;
