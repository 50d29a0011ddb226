import * as z from "zod";
import { rosterOrigin } from "../../events/hrEvent.ts";
import type { AddressList } from "../../ledger/addresses.ts";
import { isOwnAddress } from "../../ledger/dynamo/headKeys.ts";
import {
  headKey,
  type Item,
  type LedgerTable,
  readItem,
  textAttribute,
  textsAttribute,
} from "../../ledger/dynamo/ledgerTable.ts";
import { readItems } from "../../ledger/dynamo/readItems.ts";
import type { QualifyPerson } from "../../policy/policyRules.ts";
import type { RosterAddresses } from "../rosterPorts.ts";

const headSchema = z.object({
  email: textAttribute.optional(),
  settledAs: textAttribute.optional(),
  addresses: textsAttribute.optional(),
});

/** The attributes that are read of a head. */
export const addressAttributes = Object.keys(headSchema.shape);

/**
 * Reads the addresses of people's heads, a hundred in a request. Needs `dynamodb:BatchGetItem` on the table and `dynamodb:Query` on the
 * index of addresses.
 */
export function dynamoRosterAddresses(table: LedgerTable, qualifyPerson: QualifyPerson): RosterAddresses {
  const qualify = (personId: string) => qualifyPerson({ personId, origin: rosterOrigin });
  return {
    recall: async (personIds) => {
      const keys = personIds.map((personId) => headKey(qualify(personId), "access"));
      const answers = await readItems(table, keys, addressAttributes);
      const known = new Map<string, AddressList>();
      for (const [index, personId] of personIds.entries()) {
        const answer = answers[index];
        if (answer?.kind !== "read") throw answer?.error ?? new Error("the ledger gave no answer");
        const addresses = addressesIn(answer.item);
        if (addresses.length > 0) known.set(personId, addresses);
      }
      return known;
    },
    isOwn: (email, personId) => isOwnAddress(table, email, qualify(personId)),
  };
}

/** What was rejected may have had a wrong address. A head of an earlier release has that of its latest decision alone. */
function addressesIn(item: Item = {}): AddressList {
  const { email, settledAs, addresses } = readItem(headSchema, item);
  if (addresses !== undefined) return addresses;
  return email === undefined || settledAs === undefined || settledAs === "rejected" ? [] : [email];
}
