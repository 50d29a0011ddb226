import type { Command } from "commander";
import { timeText } from "../../operations/displayText.ts";
import { type ForgetReport, forgetPerson } from "../../operations/forgetPerson.ts";
import { countOf } from "../../operations/words/plainWords.ts";
import {
  type CommandResult,
  done,
  incomplete,
  printTargeted,
  type RunCommand,
  runInterruptibly,
} from "../commandResult.ts";
import { withLedger } from "../composition.ts";
import { hintText } from "../hints.ts";
import {
  type AuditOptions,
  addAuditOptions,
  addLedgerOptions,
  type LedgerOptions,
  operatorUnknown,
  parsePerson,
} from "../options.ts";
import { actorOf, type Target, targetText } from "../target.ts";
import { confirm, nobodyToAsk, type Terminal } from "../terminal.ts";

const help = `
Deletes what the ledger holds of a person: the order of decisions, the journal and
remembered user ids. The directory stays as it is. A hash of the id is kept for 396
days: decisions that HR made before are not carried out any more, should a copy of one
still come. Who did it and why is kept too, so name no person in --because.
A person about whom decisions wait or are held is not forgotten.
Dead letters stay for 14 days: see rollcall dlq discard --person.
Needs the permissions dynamodb:Query on the table and on its indexes, and GetItem,
BatchGetItem, PutItem, UpdateItem and DeleteItem on the table.
Exit code: 0 if the person is forgotten, 1 if not, 2 if the command was called wrongly.

Examples:
  rollcall forget P-T0042 --because "request 17 under GDPR, article 17"
  rollcall forget P-T0042 --because "request 17" --by eve --yes`;

interface ForgetOptions extends LedgerOptions, AuditOptions {
  yes?: boolean;
}

const permissions =
  "dynamodb:Query on the table and on its indexes, and dynamodb:GetItem, BatchGetItem, PutItem, UpdateItem and DeleteItem on the table";

/** `rollcall forget PERSON` deletes what the ledger holds of a person. */
export function addForgetCommand(program: Command, run: RunCommand): void {
  const command = program
    .command("forget")
    .description("Delete what the ledger holds of a person.")
    .argument("<person>", "the person's id in HR, or an e-mail address", parsePerson);
  addLedgerOptions(addAuditOptions(command).option("--yes", "do not ask"))
    .addHelpText("after", help)
    .action((person: string, options: ForgetOptions) =>
      run((terminal) => runForget(person, options, terminal)),
    );
}

async function runForget(
  person: string,
  { by, because, yes, ...options }: ForgetOptions,
  terminal: Terminal,
): Promise<CommandResult> {
  if (!yes && !terminal.stdin.isTTY)
    return { kind: "misused", message: `${nobodyToAsk("forget")}; nobody was forgotten` };
  return runInterruptibly("Interrupted: ending what is under way.", terminal, async (signal) => {
    const changing = { ...options, toChange: permissions };
    const forgetting = await withLedger<CommandResult>(changing, terminal, async (ledger) => {
      const { target, table } = ledger;
      const actor = actorOf(by, target);
      if (actor === undefined)
        return { kind: "misused", message: `${operatorUnknown}; nobody was forgotten` };
      const result = await forgetPerson(
        { person, by: actor, because },
        {
          ...ledger,
          confirm: async ({ decisions, entries }) => {
            if (yes) return true;
            terminal.stderr.write(
              `${table} knows ${countOf(entries, "event")} of this person, and ${countOf(decisions, "standing decision")}. They cannot be brought back.\n`,
            );
            return confirm(`Forget the person in ${targetText(target)}?`, terminal, signal);
          },
        },
      );
      if (result.kind === "ambiguous")
        return {
          kind: "misused",
          message: `${result.people} people had this address: name one by the person's id, which the history of the address shows; nobody was forgotten`,
        };
      if (result.kind === "declined") {
        terminal.stderr.write("Nobody was forgotten.\n");
        return incomplete;
      }
      printTargeted(result.report, { ...options, target }, terminal.stdout, (report) =>
        resultLines(report, target),
      );
      return resultOf(result.report, target);
    });
    return forgetting.kind === "used" ? forgetting.value : forgetting;
  });
}

function resultLines({ answer }: ForgetReport, target: Target): string[] {
  if (answer.kind !== "forgotten") return [];
  return [
    `Forgotten: ${countOf(answer.items, "item")} deleted in ${targetText(target)}. Run it again in 15 minutes: it deletes what an invocation that was under way may have written since.`,
  ];
}

function resultOf({ answer }: ForgetReport, target: Target): CommandResult {
  switch (answer.kind) {
    case "forgotten":
      return done;
    case "busy":
      return {
        kind: "failed",
        message: `an invocation acts for the person until ${timeText(answer.until)}; nothing was deleted: run the command again after that`,
      };
    case "waits":
      return {
        kind: "failed",
        message: `${countOf(answer.decisions, "decision")} about the person ${answer.decisions === 1 ? "waits or is" : "wait or are"} held, and would never be carried out. Nobody was forgotten. See which: ${hintText(target, "pending")}, or ${hintText(target, "held list")}`,
      };
  }
}
