import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { directoryServices } from "../../../directory/kinds/openAdministration.ts";
import type { OpenOptions } from "../../../directory/kinds/openDirectories.ts";
import type { DirectoryService, OpenService, ServiceOperation } from "../../../directory/serviceOperation.ts";
import { changeService, readService, type TargetReport } from "../../../operations/directory/callService.ts";
import { closeAccount } from "../../../operations/directory/closeAccount.ts";
import { countOf } from "../../../operations/words/plainWords.ts";
import {
  type CommandResult,
  done,
  incomplete,
  printLines,
  printTargeted,
  type RunCommand,
  runInterruptibly,
} from "../../commandResult.ts";
import {
  type AuditOptions,
  addAuditOptions,
  addLedgerOptions,
  directoryEndpointOptions,
  operatorUnknown,
  policyOption,
} from "../../options.ts";
import { actorOf, targetText } from "../../target.ts";
import { ask, confirm, nobodyToAsk, statusLine, type Terminal } from "../../terminal.ts";
import { withoutControlCharacters } from "../../textLayout.ts";
import {
  type DirectoryRequest,
  journalPermissions,
  type OpenDirectoryTarget,
  toCommandFailure,
  withDirectoryTarget,
} from "./directoryTarget.ts";
import { openService } from "./openAccounts.ts";
import { changeLines, closedLines, closingText, readLines, serviceHelp } from "./serviceLines.ts";
import { addParameters, type GivenOptions, readInput } from "./serviceOptions.ts";

type Service = DirectoryService<OpenOptions>;

interface ServiceRequest extends DirectoryRequest, Partial<AuditOptions> {
  reveal?: boolean;
  allPages?: boolean;
  includeDevices?: boolean;
  yes?: boolean;
}

interface CloseRequest extends DirectoryRequest, AuditOptions {
  account: string;
  /** The account's name, where nobody can be asked for it. */
  name?: string;
}

/** A command for each service whose own operations can be called, with one for each operation. */
export function addServiceCommands(program: Command, run: RunCommand): void {
  for (const service of directoryServices) {
    const group = program
      .command(service.name)
      .description(`Call ${service.title}'s own operations, for what only it has.`)
      .usage("OPERATION [options]")
      .addHelpText("after", serviceHelp.ofService(service));
    for (const operation of service.operations) addOperation(group, run, service, operation);
    addCloseAccount(group, run, service);
  }
}

function addOperation(group: Command, run: RunCommand, service: Service, operation: ServiceOperation): void {
  const command = group
    .command(operation.command)
    .alias(operation.name)
    .description(operation.summary)
    .option("--reveal", "show e-mail addresses, names and numbers in full");
  addParameters(command, operation);
  if (operation.changes) {
    addAuditOptions(command).option("--yes", "do not ask");
    if (operation.aboutPeople)
      command.option(
        "--include-devices",
        "rooms and other shared devices too, which are left out by default",
      );
  }
  addPlaces(command)
    .addHelpText("after", serviceHelp.ofOperation(service, operation))
    .action((options: ServiceRequest & GivenOptions) =>
      run((terminal) => runOperation({ service, operation }, options, terminal)),
    );
}

function addPlaces(command: Command): Command {
  command.addOption(policyOption("with the accounts"));
  for (const option of directoryEndpointOptions()) command.addOption(option);
  return addLedgerOptions(command);
}

function addCloseAccount(group: Command, run: RunCommand, service: Service): void {
  const command = group
    .command("close-account")
    .description("Suspend everybody of an account, and then delete it.")
    .requiredOption("--account <id>", "the account's id")
    .option("--name <name>", "the account's name, to the letter: nobody is asked for it then");
  addPlaces(addAuditOptions(command))
    .addHelpText("after", serviceHelp.ofClosing(service))
    .action((options: CloseRequest) => run((terminal) => runClose(service, options, terminal)));
}

interface Called {
  service: Service;
  operation: ServiceOperation;
}

async function runOperation(
  called: Called,
  request: ServiceRequest & GivenOptions,
  terminal: Terminal,
): Promise<CommandResult> {
  const { operation } = called;
  const misuse = operation.changes ? findMisuse(operation, request, terminal) : undefined;
  if (misuse !== undefined) return { kind: "misused", message: `${misuse}; nothing was done` };
  const read = await readInput(operation, request, terminal);
  if (read.kind !== "read") return { ...read, message: `${read.message}; nothing was done` };
  return runInterruptibly("Interrupted: ending the call that is under way.", terminal, (signal) =>
    withService(called.service, request, operation.changes === true, terminal, (open) =>
      operation.changes
        ? runChange(called, { ...read, ...open, request, signal, terminal })
        : runRead(called, { ...read, ...open, request, signal, terminal }),
    ),
  );
}

function findMisuse(
  { parameters }: ServiceOperation,
  request: ServiceRequest & GivenOptions,
  { stdin }: Terminal,
) {
  const { yes = false } = request;
  if (yes) return undefined;
  const isPiped = parameters.some(
    ({ kind, flag }) => kind === "targets" && request[`${flag.slice(2)}s`] === "-",
  );
  if (isPiped)
    return "standard input is the list, so nobody can be asked: add --yes to make the call without a question";
  return stdin.isTTY ? undefined : nobodyToAsk("make the call");
}

/** Opens the service and the target, and closes both again. */
async function withService(
  service: Service,
  request: DirectoryRequest,
  isChange: boolean,
  terminal: Terminal,
  use: (open: OpenDirectoryTarget & { open: OpenService }) => Promise<CommandResult>,
): Promise<CommandResult> {
  const opened = openService(service, request);
  try {
    const change = isChange ? { toChange: journalPermissions } : {};
    return await withDirectoryTarget(request, change, terminal, (target) => use({ ...target, open: opened }));
  } finally {
    opened.close();
  }
}

type Running = Extract<Awaited<ReturnType<typeof readInput>>, { kind: "read" }> &
  OpenDirectoryTarget & {
    open: OpenService;
    request: ServiceRequest;
    signal: AbortSignal;
    terminal: Terminal;
  };

async function runRead(
  { service, operation }: Called,
  { input, open, request, signal, terminal, target }: Running,
): Promise<CommandResult> {
  const { reveal: isRevealed = false, allPages = false } = request;
  const ports = { service: open, signal, namingFields: service.namingFields, isRevealed };
  const report = await readService({ operation, input, allPages }, ports);
  printTargeted(report, { ...request, target }, terminal.stdout, (clean, screen) =>
    readLines(clean, operation, target, screen),
  );
  return done;
}

async function runChange(
  { service, operation }: Called,
  { input, targets, open, request, signal, terminal, target, ledger }: Running,
): Promise<CommandResult> {
  const { reveal: isRevealed = false, includeDevices = false, because = "", yes = false } = request;
  const by = actorOf(request.by, target);
  if (by === undefined) return { kind: "misused", message: `${operatorUnknown}; nothing was done` };
  const line = statusLine(terminal.stderr, Date.now);
  const changed = await changeService(
    { operation, input, targets, includeDevices, by, because },
    {
      service: open,
      signal,
      namingFields: service.namingFields,
      isRevealed,
      acts: ledger.acts,
      now: ledger.now,
      newId: randomUUID,
      explainFailure: ledger.explainFailure,
      onProgress: ({ done, all }) => line.show(`${done} of ${countOf(all, "call")} made. Ctrl-C stops.`),
      confirm: async (about) => {
        if (yes) return true;
        const lines = serviceHelp.beforeChange(operation, input, about);
        printLines(withoutControlCharacters(lines), terminal.stderr);
        return confirm(`Call ${operation.name} in ${targetText(target)}?`, terminal, signal);
      },
    },
  ).finally(() => line.clear());
  if (changed.kind === "declined") {
    terminal.stderr.write("Nothing was done.\n");
    return incomplete;
  }
  const { report } = changed;
  printTargeted(report, { ...request, target }, terminal.stdout, (clean, screen) =>
    changeLines(clean, operation, target, screen),
  );
  const missed = report.targets.filter(({ result }) => result !== "done");
  const first = missed.find(({ result }) => result === "failed") ?? missed[0];
  if (first === undefined) return done;
  const { code, failure } = { ...unmadeCalls[first.result], ...first };
  const message = `${missed.length} of ${report.targets.length} not done, the first because of ${code}: ${failure}`;
  return { ...toCommandFailure({ code, message: failure }), message };
}

/** Why no call was made about somebody. */
const unmadeCalls: Record<TargetReport["result"], { code: string; failure: string }> = {
  done: { code: "", failure: "" },
  failed: { code: "", failure: "" },
  device: {
    code: "Device",
    failure: "a shared device is nobody of HR: --include-devices calls about it too",
  },
  untouched: { code: "Stopped", failure: "the calls were stopped; what was done before stands" },
};

async function runClose(service: Service, request: CloseRequest, terminal: Terminal): Promise<CommandResult> {
  const { account: accountId, because, name: typed } = request;
  if (typed === undefined && !terminal.stdin.isTTY)
    return {
      kind: "misused",
      message:
        "standard input is no terminal, so nobody can be asked for the account's name: add --name with it; nothing was done",
    };
  return runInterruptibly(
    "Interrupted: nothing further is called, and nothing is deleted.",
    terminal,
    (signal) =>
      withService(service, request, true, terminal, async ({ open, target, ledger, policy, ...ports }) => {
        const by = actorOf(request.by, target);
        if (by === undefined) return { kind: "misused", message: `${operatorUnknown}; nothing was done` };
        const line = statusLine(terminal.stderr, Date.now);
        const isInPolicy = policy?.accounts.some(({ id }) => id === accountId) ?? false;
        const closed = await closeAccount(
          { accountId, deletion: service.deletion, by, because },
          {
            ...ports,
            service: open,
            acts: ledger.acts,
            explainFailure: ledger.explainFailure,
            now: ledger.now,
            newId: randomUUID,
            random: Math.random,
            sleep: (milliseconds) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
            signal,
            onProgress: ({ suspended, of, waitSeconds }) => {
              const waits = waitSeconds === undefined ? "" : `; trying again in ${waitSeconds} s`;
              line.show(`${suspended} of ${countOf(of, "user")} suspended${waits}. Ctrl-C stops.`);
            },
            confirmName: async (account, counts) => {
              const name = account.name ?? accountId;
              printLines(withoutControlCharacters(closingText(account, counts, isInPolicy)), terminal.stderr);
              if (typed !== undefined) return typed === name;
              const question = `Type the account's name to close it, in ${targetText(target)}:`;
              return (await ask(question, terminal, signal)).trim() === name;
            },
          },
        ).finally(() => line.clear());
        switch (closed.kind) {
          case "declined":
            return { kind: "failed", message: "that is not the account's name; nothing was done" };
          case "impossible":
            return {
              kind: "failed",
              message: `${accountId} (${closed.account.type}): ${closed.reason}; nothing was done`,
            };
          case "closed": {
            const { report } = closed;
            printTargeted(report, { ...request, target }, terminal.stdout, (clean, screen) =>
              closedLines(clean, target, screen),
            );
            if (report.deleted) return done;
            const why = report.failure ?? { code: "UsersLeft", message: "somebody is not suspended" };
            return {
              kind: "failed",
              message: `the account is not deleted: ${why.code}: ${why.message}; run it again`,
            };
          }
        }
      }),
  );
}
