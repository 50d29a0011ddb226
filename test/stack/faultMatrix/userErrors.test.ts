import { expect, it, onTestFinished } from "vitest";
import { userErrorCodes } from "../../../packages/chime-simulator/chimeApi.ts";
import { times } from "../../../packages/chime-simulator/faultPlans.ts";
import { runMatrix } from "./runMatrix.ts";
import { bRejected, type Case, onB, rowsOf, served } from "./troubles.ts";

/** Fails for ever, so it is asked for once and ends as a dead letter. */
const permanent = [
  "AccessDenied",
  "BadRequest",
  "Forbidden",
  "PhoneNumberAssociationsExist",
  "Unprocessable",
  "VoiceConnectorGroupAssociationsExist",
];
/** May pass: it is asked for again, alone. An unknown code is one of them. */
const passing = [
  "Conflict",
  "PreconditionFailed",
  "ResourceLimitExceeded",
  "ServiceFailure",
  "ServiceUnavailable",
  "Throttled",
  "Throttling",
  "NeverHeardOf",
];
/** The account's fault and no user's: `accountFaults.test.ts`. */
const ofTheAccount = ["Unauthorized"];

it("each code of an error of one user comes to its own end, and keeps nobody else waiting", async () => {
  const person = { event: "EmployeeLeft", people: ["a", "b"] } as const;
  const lasting = (code: string) => onB({ kind: "userError", code });
  const cases: Record<string, Case> = {
    ...Object.fromEntries(
      permanent.map((code) => [code, { ...person, fault: lasting(code), ...bRejected(code, 1) }]),
    ),
    ...Object.fromEntries(
      passing.map((code) => [code, { ...person, fault: times(1, lasting(code)), ...served(1, 2) }]),
    ),
    // The id may be an old one, so it is looked up by address and tried once more.
    NotFound: { ...person, fault: lasting("NotFound"), ...bRejected("NotFound", 2) },
  };
  const known = [...Object.keys(cases), ...ofTheAccount];
  expect(userErrorCodes.filter((code) => !known.includes(code))).toEqual([]);
  const rows = await runMatrix(cases, { onClose: onTestFinished });
  expect(rows).toEqual(rowsOf(cases));
});
