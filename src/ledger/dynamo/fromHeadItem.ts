import * as z from "zod";
import type { Aspect } from "../../pipelines.ts";
import type { Head } from "../history.ts";
import type { Item } from "./ledgerTable.ts";
import { numberAttribute, readItem, textAttribute } from "./readItem.ts";

/** What `claimHeads` and `concludeHeads` write, and what `deferDecision` creates without any of it. */
const schema = z.object({
  email: textAttribute.exactOptional(),
  settledEventId: textAttribute.optional(),
  settledAs: textAttribute.pipe(z.enum(["applied", "rejected"])).optional(),
  leaseOwner: textAttribute.optional(),
  leaseUntil: numberAttribute.optional(),
});

/** Throws for an item that this program did not write. */
export function fromHeadItem(aspect: Aspect, item: Item): Head {
  const {
    email,
    settledEventId: eventId,
    settledAs: as,
    leaseOwner: owner,
    leaseUntil: until,
  } = readItem(schema, item);
  return {
    aspect,
    ...(email !== undefined && { email }),
    ...(eventId !== undefined && as !== undefined && { settled: { eventId, as } }),
    ...(owner !== undefined && until !== undefined && { claim: { owner, until } }),
  };
}
