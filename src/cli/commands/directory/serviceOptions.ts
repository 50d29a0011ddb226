import { type Command, InvalidArgumentError, Option } from "commander";
import type {
  OperationInput,
  OperationParameter,
  OperationTarget,
  ServiceOperation,
} from "../../../directory/serviceOperation.ts";
import { readList } from "../../files.ts";
import type { Terminal } from "../../terminal.ts";

/** What a command was given, by the flags' names in camel case. */
export type GivenOptions = Readonly<Record<string, unknown>>;

/** Adds an option for each parameter of an operation, and one for the file of a batch. */
export function addParameters(command: Command, { parameters, batch, pages }: ServiceOperation): Command {
  for (const parameter of parameters) {
    const option = optionOf(parameter);
    command.addOption(option);
    if (parameter.kind !== "targets" || batch === undefined) continue;
    const lines = parameter.flag === "--user" ? "an id" : "an address";
    command.option(`${parameter.flag}s <file>`, `a file with ${lines} in each line; - reads standard input`);
  }
  if (pages !== undefined) command.option("--all-pages", "read on until there is no further page");
  return command;
}

function optionOf(parameter: OperationParameter): Option {
  const { flag, kind, description, isRequired, choices } = parameter;
  switch (kind) {
    case "choice":
      return new Option(`${flag} <choice>`, description).choices(choices ?? []);
    case "onOff":
      return new Option(`${flag} <switch>`, description).choices(["on", "off"]);
    case "count":
      return new Option(`${flag} <n>`, description).argParser((text) => toCount(text, parameter.most ?? 1));
    case "targets":
      return new Option(`${flag} <${flag.slice(2)}>`, description).argParser(
        (text, before: readonly string[] = []) => [...before, toText(text, parameter)],
      );
    case "text":
    case "address": {
      const option = new Option(`${flag} <${flag.slice(2)}>`, description);
      return option.argParser((text) => toText(text, parameter)).makeOptionMandatory(isRequired === true);
    }
  }
}

function toCount(text: string, most: number): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= most) return count;
  throw new InvalidArgumentError(`Expected a number from 1 to ${most}.`);
}

const address = /^\S+@\S+\.\S+$/;

/** The service's client checks nothing, and so it is done here. */
function toText(text: string, { kind, flag, most = 1000 }: OperationParameter): string {
  const value = text.trim();
  const isAddress = kind === "address" || (kind === "targets" && flag === "--email");
  if (isAddress && !address.test(value)) throw new InvalidArgumentError("Expected an e-mail address.");
  if (value !== "" && value.length <= most) return value;
  throw new InvalidArgumentError(`Expected 1 to ${most} characters; got ${value.length}.`);
}

export type ReadInput =
  | { kind: "read"; input: OperationInput; targets: OperationTarget[] }
  | { kind: "misused"; message: string };

/** The input of an operation, and the targets of its batch, those of the file included. */
export async function readInput(
  operation: ServiceOperation,
  given: GivenOptions,
  terminal: Terminal,
): Promise<ReadInput> {
  const { parameters } = operation;
  const input: Record<string, string | number | boolean> = {};
  let targets: OperationTarget[] = [];
  for (const parameter of parameters) {
    if (parameter.kind === "targets") {
      const read = await readTargets(operation, parameter, given, terminal);
      if (read.kind !== "read") return read;
      targets = read.targets;
      continue;
    }
    const value = given[keyOf(parameter.flag)];
    if (parameter.kind === "onOff" && typeof value === "string") input[parameter.name] = value === "on";
    else if (typeof value === "string" || typeof value === "number") input[parameter.name] = value;
  }
  const idle = findIdle(operation, input, targets);
  return idle === undefined ? { kind: "read", input, targets } : { kind: "misused", message: idle };
}

/** A call that changes nothing is a mistake. */
function findIdle(
  { parameters, changes, batch }: ServiceOperation,
  input: OperationInput,
  targets: readonly OperationTarget[],
): string | undefined {
  const settable = parameters.filter(({ isRequired }) => isRequired !== true);
  const isSet = settable.some(({ name }) => input[name] !== undefined);
  if (changes !== true || settable.length === 0 || isSet) return undefined;
  if (batch !== undefined && batch.ofEach === undefined) return undefined;
  if (batch !== undefined && targets.every(({ value }) => value !== undefined)) return undefined;
  return `nothing to change is named; expected one of ${settable.map(({ flag }) => flag).join(", ")}`;
}

type ReadTargets = { kind: "read"; targets: OperationTarget[] } | { kind: "misused"; message: string };

async function readTargets(
  { parameters, batch }: ServiceOperation,
  { flag }: OperationParameter,
  given: GivenOptions,
  { stdin }: Terminal,
): Promise<ReadTargets> {
  const typed = given[keyOf(flag)];
  const file = given[`${keyOf(flag)}s`];
  const texts = Array.isArray(typed) ? typed.map(String) : [];
  if (typeof file === "string") {
    const list = await readList(file, stdin);
    if (list.kind === "unreadable") return { kind: "misused", message: list.message };
    texts.push(...list.entries);
  }
  if (texts.length === 0) return { kind: "misused", message: `expected ${flag}, or ${flag}s with a file` };
  const choices = parameters.find(({ name }) => name === batch?.ofEach)?.choices;
  const byTarget = new Map<string, OperationTarget>();
  for (const [index, text] of texts.entries()) {
    const [, target = text, value] = (choices && /^(.*?)\s*,\s*(.*)$/.exec(text)) ?? [];
    if (value !== undefined && choices?.includes(value) === false)
      return {
        kind: "misused",
        message: `expected one of ${choices.join(", ")} behind a comma; got ${value}`,
      };
    if (flag === "--email" && !address.test(target))
      return {
        kind: "misused",
        message: `expected only e-mail addresses, without a heading; entry ${index + 1} is none`,
      };
    const key = flag === "--email" ? target.toLowerCase() : target;
    byTarget.set(key, { target, ...(value !== undefined && { value }) });
  }
  return { kind: "read", targets: [...byTarget.values()] };
}

/** As commander names the value of an option. */
function keyOf(flag: string): string {
  return flag.slice(2).replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
