import * as z from "zod";
import type { Aspect } from "../../pipelines.ts";
import type { Head } from "../history.ts";
import { type Item, noClaim } from "./ledgerTable.ts";
import { numberAttribute, readItem, textAttribute } from "./readItem.ts";

/** What `claimHeads` and `concludeHeads` write, and what `deferDecision` creates without any of it. */
const schema = z.object({
  email: textAttribute.exactOptional(),
  settledEventId: textAttribute.optional(),
  settledAs: textAttribute.pipe(z.enum(["applied", "rejected"])).optional(),
  claimed: textAttribute.optional(),
  leaseOwner: textAttribute.optional(),
  leaseUntil: numberAttribute.optional(),
});

/** Throws for an item that this program did not write. */
export function fromHeadItem(aspect: Aspect, item: Item): Head {
  const head = readItem(schema, item);
  const { email, settledEventId: eventId, settledAs: as } = head;
  const isClaimed = head.claimed !== undefined && head.claimed !== noClaim;
  return {
    aspect,
    ...(email !== undefined && { email }),
    ...(eventId !== undefined && as !== undefined && { settled: { eventId, as } }),
    ...(isClaimed && { claim: claimOf(head) }),
  };
}

function claimOf({
  leaseOwner: owner,
  leaseUntil: until,
}: z.output<typeof schema>): NonNullable<Head["claim"]> {
  return owner !== undefined && until !== undefined ? { lease: { owner, until } } : {};
}
