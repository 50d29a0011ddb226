import * as z from "zod";
import type { Aspect } from "../../pipelines.ts";
import type { Head } from "../history.ts";
import { type Item, noClaim } from "./ledgerTable.ts";
import { numberAttribute, readItem, textAttribute, textsAttribute } from "./readItem.ts";

/** What `claimHeads` and `concludeHeads` write, and what `deferDecision` creates without any of it. */
const schema = z.object({
  email: textAttribute.exactOptional(),
  settled: textAttribute.optional(),
  settledEventId: textAttribute.optional(),
  settledAs: textAttribute.pipe(z.enum(["applied", "rejected"])).optional(),
  claimed: textAttribute.optional(),
  leaseOwner: textAttribute.optional(),
  leaseUntil: numberAttribute.optional(),
  discarded: textsAttribute.optional(),
});

/** Throws for an item that this program did not write. */
export function fromHeadItem(aspect: Aspect, item: Item): Head {
  const head = readItem(schema, item);
  const { email, settled: version, settledEventId: eventId, settledAs: as, claimed, discarded } = head;
  const stands = version !== undefined && eventId !== undefined && as !== undefined;
  return {
    aspect,
    ...(email !== undefined && { email }),
    ...(stands && { settled: { eventId, version, as } }),
    ...(claimed !== undefined && claimed !== noClaim && { claim: { version: claimed, ...leaseOf(head) } }),
    ...(discarded !== undefined && { discarded }),
  };
}

function leaseOf({ leaseOwner: owner, leaseUntil: until }: z.output<typeof schema>) {
  return owner !== undefined && until !== undefined ? { lease: { owner, until } } : {};
}
