import type { BatchOperation, DirectoryCall } from "./directory.ts";

/**
 * Holds a call to what the service accepts, because its client checks nothing. A call that fails here was
 * planned wrongly: throws `RangeError`, naming what was expected.
 */
export function checkCall(call: DirectoryCall, limits: Readonly<Record<BatchOperation, number>>): void {
  const { operation, accountId, entries } = call;
  const fault = (text: string) => new RangeError(`${operation} on account ${accountId}: ${text}`);
  if (entries.length === 0) throw fault("the call is empty; plan no call for nobody");
  if (entries.length > limits[operation]) {
    throw fault(`${entries.length} entries, but a call carries at most ${limits[operation]}`);
  }
  const targets = new Set(
    entries.map(({ target }) => (operation === "invite" ? target.toLowerCase() : target)),
  );
  if (targets.size < entries.length) throw fault("the same target stands twice in one call");
  if (entries.some(({ target }) => target.trim() === "")) throw fault("a target is blank");
  if (operation === "updateLicense" && entries.some(({ licenseType }) => !licenseType)) {
    throw fault("an entry has no license to change to");
  }
}
