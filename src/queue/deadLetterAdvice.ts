import { movedByAws } from "./storedDeadLetter.ts";

interface DeadLetterAdvice {
  /** In a few words, for a table. */
  meaning: string;
  /** What an operator does next, in a sentence or two. */
  advice: string;
}

const adviceByCode = new Map<string, DeadLetterAdvice>([
  [
    "Malformed",
    {
      meaning: "breaks its schema",
      advice: "Mend the event where it comes from and publish it, then discard this one: it can never pass.",
    },
  ],
  [
    "MaskedAddress",
    {
      meaning: "its address is masked with ***",
      advice:
        "It was copied from a report or a log. Publish the event with the person's whole address, from HR, then discard this one.",
    },
  ],
  [
    "Unusable",
    {
      meaning: "no event can be made of it",
      advice:
        "Look at the user in Okta, publish by hand the event that this one should have become, if the user's access is to change, then discard this one: it can never pass.",
    },
  ],
  [
    "Misrouted",
    {
      meaning: "not for this pipeline",
      advice: "Publish it on the event bus, which brings it to its own pipeline, then discard this one.",
    },
  ],
  [
    "FromTheFuture",
    {
      meaning: "dated more than a day ahead",
      advice:
        "Publish a new event, under a new id, with the time of HR's decision in metadata.occurredAt, then discard this one.",
    },
  ],
  [
    "Stale",
    {
      meaning: "older than the policy believes",
      advice:
        "If it still holds, publish a new event, under a new id, with the present time in metadata.occurredAt; then discard this one. To carry it out as it is, raise freshness.maxAgeDays in policy.yml and redrive it.",
    },
  ],
  [
    "ManagedInDirectory",
    {
      meaning: "managed in the directory",
      advice: "Change the access in the company's own directory, then discard this one.",
    },
  ],
  [
    "SuspensionDeletes",
    {
      meaning: "the directory would delete the user, and the policy does not allow it",
      advice:
        "Decide whether leavers may be deleted there. If so, write `suspension: deletes` for the account in policy.yml, deploy, and redrive this one; or else end the access by hand and discard it.",
    },
  ],
  [
    "NotSignedOut",
    {
      meaning: "suspended, but not signed out",
      advice:
        "A client that is signed in stays so: sign the user out with `rollcall user sign-out` and discard this one, or redrive it, which suspends and signs out once more.",
    },
  ],
  [
    "PinNotReset",
    {
      meaning: "suspended, but the PIN is not replaced",
      advice:
        "Replace the user's personal PIN with `rollcall user reset-pin` and discard this one, or redrive it, which suspends and replaces the PIN once more.",
    },
  ],
  [
    "LicenseNotKept",
    {
      meaning: "carried out, but a license will not follow",
      advice:
        "The license that follows from it could never be published. Set it by hand in the directory on its day and discard this one; or mend the event or policy.yml, and redrive it.",
    },
  ],
  [
    "PersonAmbiguous",
    {
      meaning: "two people may share the id",
      advice:
        "Compare the event with `rollcall history` of its personId. If both are one person, publish it again with the earlier address in previousEmails; if not, mend the ids in HR or set personIds.namespaces in policy.yml and redrive it, or act by hand. Then discard this one.",
    },
  ],
  [
    "UserNotFound",
    {
      meaning: "no user has this address",
      advice:
        "Check the person's address in HR. If it is wrong, publish a new event with the right one and discard this one; if the user has another address in the account, act by hand and discard it; if the user is there by now, redrive it.",
    },
  ],
  [
    "LeftElsewhere",
    {
      meaning: "suspended, but still in elsewhere",
      advice: "Change the access in the account that the reason names by hand, then discard this one.",
    },
  ],
  [
    "AddressShared",
    {
      meaning: "two active users have the address",
      advice:
        "Look at both users in the account: suspend or rename the one that is too many, then redrive this one.",
    },
  ],
  [
    "NeverRegistered",
    {
      meaning: "no such user came in 30 days",
      advice: "Check the person's address in HR. Redrive it once the user has registered, or discard it.",
    },
  ],
  [
    "Unpublishable",
    {
      meaning: "not to be published when due",
      advice: "Publish a smaller event, or one from a source that the bus takes, then discard this one.",
    },
  ],
  [
    "LicenseNotSupported",
    {
      meaning: "not a license of the account",
      advice:
        "If the account should have the license, add it there and redrive this one; or else mend the event or policy.yml, publish a new event and discard this one.",
    },
  ],
  [
    "BegunBeforeTrial",
    {
      meaning: "begun before the trial began",
      advice:
        "Look at the user, and finish by hand what is missing (a sign-out, a new PIN, a license); or redrive it once the trial is over.",
    },
  ],
  [
    "EndsTheFunction",
    {
      meaning: "ended the function each time",
      advice:
        "Look in the function's log for how its invocations ended. Redrive it once the cause is gone, or do by hand what it asks for and discard it; until then older decisions about the person may wait.",
    },
  ],
  [
    movedByAws.undelivered,
    {
      meaning: "EventBridge gave up on it",
      advice:
        "Check that the queue is there and that its policy lets the rule send to it, deploy again if not, then redrive it.",
    },
  ],
  [
    movedByAws.receivedTooOften,
    {
      meaning: "SQS gave up on it",
      advice:
        "Look for its event in the function's log: it may end the function each time, or the directory was away for many hours. Redrive it once that is over; until then older decisions about the person wait.",
    },
  ],
]);

const ofTheDirectory: DeadLetterAdvice = {
  meaning: "refused by the directory",
  advice:
    "The code is the directory's own. Mend what it names and redrive this one, or do it by hand and discard this one; the request id is what the directory's support asks for.",
};

/** Tells what a dead letter's code means, and what to do. A code that is not in the table is the directory's. */
export function deadLetterAdvice(code: string): DeadLetterAdvice {
  return adviceByCode.get(code) ?? ofTheDirectory;
}
