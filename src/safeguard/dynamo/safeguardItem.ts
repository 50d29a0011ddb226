import * as z from "zod";
import { type Item, safeguardKey } from "../../ledger/dynamo/ledgerTable.ts";
import { numberAttribute, readItem, textAttribute } from "../../ledger/dynamo/readItem.ts";
import type { SafeguardState } from "../safeguardState.ts";
import type { AccountSafeguard } from "../safeguardStore.ts";

/** A state as it lay in the table; `revision` counts its writes and is 0 where there is none. */
export interface StoredState extends AccountSafeguard {
  revision: number;
}

/** The state is one text: it is read and written as a whole, and nothing asks DynamoDB about its parts. */
export function toSafeguardItem({ accountId, state, revision }: StoredState): Item {
  return {
    ...safeguardKey(accountId),
    accountId: { S: accountId },
    revision: { N: String(revision) },
    state: { S: JSON.stringify(state) },
  };
}

const passed = { asked: z.number(), passed: z.number(), limit: z.number() };
const signed = { at: z.number(), by: z.string() };
const note = z.string().exactOptional();

const stateSchema: z.ZodType<SafeguardState> = z.object({
  admissions: z.array(z.object({ at: z.number(), people: z.number(), immediate: z.number() })),
  latch: z.object({ closedAt: z.number(), ...passed }).exactOptional(),
  allowance: z.object({ people: z.number(), until: z.number(), ...signed }).exactOptional(),
  activeUsers: z.object({ count: z.number(), countedAt: z.number() }).exactOptional(),
  acts: z.array(
    z.discriminatedUnion("what", [
      z.object({ what: z.literal("closed"), at: z.number(), ...passed }),
      z.object({
        what: z.literal("allowed"),
        people: z.number(),
        until: z.number(),
        ...signed,
        note,
      }),
      z.object({ what: z.literal("reset"), ...signed, note }),
    ]),
  ),
});

const itemSchema = z.object({
  accountId: textAttribute,
  revision: numberAttribute,
  state: textAttribute.transform((text) => JSON.parse(text)).pipe(stateSchema),
});

/** Throws for an item that this program did not write. */
export function fromSafeguardItem(item: Item): StoredState {
  return readItem(itemSchema, item);
}
