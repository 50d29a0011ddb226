import { chimeBatchLimits } from "../../directory/chime/chimeCapabilities.ts";
import { DirectoryError } from "../../directory/directory.ts";
import { type RosterInput, type RosterPlan, reconcileRoster } from "../../reconcile/planRoster.ts";
import type { CommandEnd } from "../commandEnd.ts";
import type { Terminal } from "../terminal.ts";
import { readAccountsOf } from "./readAccountsOf.ts";

export type MadePlan = { kind: "planned"; plan: RosterPlan } | Exclude<CommandEnd, { kind: "done" }>;

/** Reconciles a roster with the accounts in Chime, and says for people why it cannot be done. */
export async function makePlan(
  input: RosterInput,
  chimeEndpoint: string | undefined,
  terminal: Terminal,
): Promise<MadePlan> {
  try {
    const reconciliation = await reconcileRoster(input, {
      limits: chimeBatchLimits,
      readAccounts: (ids) => readAccountsOf(ids, chimeEndpoint, terminal),
    });
    if (reconciliation.kind === "planned") return reconciliation;
    return { kind: "failed", message: `${reconciliation.reason}. Nothing was published` };
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    return { kind: "failed", message: explain(error) };
  }
}

function explain({ message, failure }: DirectoryError): string {
  const advice =
    failure.class === "configuration"
      ? "check the AWS credentials, the permissions chime:GetAccount and chime:ListUsers, and the accounts of the policy"
      : "try again in a minute, or name another --chime-endpoint";
  return `the directory could not be read: ${message}; ${advice}. Nothing was published`;
}
