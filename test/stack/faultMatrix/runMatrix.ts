import { together } from "@rollcall/simulated-service/planCombinators";
import { readDeadLetters, readJournal } from "../../../dev/service/readOutcomes.ts";
import type { ServiceStack } from "../../../dev/service/serviceStack.ts";
import type { StackModel } from "../../../packages/aws-local/cloudformation/stackModel.ts";
import { waitUntilIdle } from "../../../packages/aws-local/stack/waitUntilIdle.ts";
import type { UserSeed } from "../../../packages/chime-simulator/directoryState.ts";
import type { FaultPlan } from "../../../packages/chime-simulator/scriptedFault.ts";
import { withShortLeases } from "../inQuickMotion.ts";
import { publish, startTestStack, type TestEvent, type TestStackOptions } from "../testStack.ts";

/** A fault and events in an account of their own, so that a whole table of them runs on one stack at once. */
export interface Trouble {
  /** The faults of the account's batch calls. */
  fault: FaultPlan;
  event: "EmployeeLeft" | "EmployeeHired";
  /** The people of the events: `a`, `b` and so on. */
  people: readonly string[];
}

/** The result of one row of the table. */
export interface Row {
  /**
   * How many batch calls carried each person, the SDK's own retries included. Who shared a call is left out: Lambda reads a
   * queue by more than one poller, and a batch may be split between them.
   */
  asked: Record<string, number>;
  /** Each person's outcome in the journal; absent without an entry. */
  journal: Record<string, string>;
  /** The code of each person's dead letter. */
  dead: Record<string, string>;
}

export interface Matrix<Name extends string> {
  stack: ServiceStack;
  /** To be called once the stack is idle. */
  read: () => Promise<Record<Name, Row>>;
}

/** Enough for an invocation on a busy machine. Whoever's answer was lost is held for so long. */
const leaseSeconds = 20;

const batchOperations = ["BatchSuspendUser", "InviteUsers"];

/** Starts a stack with an account for each row and publishes its events. The caller waits, reads and closes. */
export async function startMatrix<Name extends string>(
  troubles: Record<Name, Trouble>,
  options: TestStackOptions & { onClose: (close: () => Promise<void>) => void },
): Promise<Matrix<Name>> {
  const named = Object.entries<Trouble>(troubles).map(([name, trouble], index) => ({
    name,
    trouble,
    accountId: `account-${index}`,
    domain: `case-${index}.example`,
  }));
  const accounts = named.map(({ accountId, domain }) => ({
    id: accountId,
    domains: [domain],
    licensePerRole: {},
  }));
  const stack = await startTestStack({
    adjust: (model) => withShortLeases(withLongWindow(model), leaseSeconds),
    adjustPolicy: () => ({ accounts, safeguard: { suspensions: { atLeast: 50 } } }),
    ...options,
    accounts: named.map(({ accountId, trouble, domain }) => ({
      id: accountId,
      type: "Team" as const,
      people: trouble.event === "EmployeeLeft" ? trouble.people.map((person) => userOf(person, domain)) : [],
    })),
    faults: together(
      ...named.map(({ accountId, trouble }): FaultPlan => {
        return (call) =>
          call.accountId === accountId && batchOperations.includes(call.operation)
            ? trouble.fault(call)
            : undefined;
      }),
    ),
  });
  options.onClose(stack.close);
  for (const { trouble, domain } of named) await publishAll(stack, trouble, domain);
  return { stack, read: () => readRows(stack, named) as Promise<Record<Name, Row>> };
}

/** Runs the table until the stack is idle. */
export async function runMatrix<Name extends string>(
  troubles: Record<Name, Trouble>,
  options: TestStackOptions & { onClose: (close: () => Promise<void>) => void },
): Promise<Record<Name, Row>> {
  const { stack, read } = await startMatrix(troubles, options);
  await waitUntilIdle(stack);
  return read();
}

/** A batching window in which all events of the table come in one batch, even on a busy machine. */
function withLongWindow(model: StackModel): StackModel {
  return { ...model, mappings: model.mappings.map((mapping) => ({ ...mapping, windowSeconds: 3 })) };
}

function userOf(person: string, domain: string): UserSeed {
  return { id: `${person}-${domain}`, email: `${person}@${domain}` };
}

async function publishAll(
  stack: ServiceStack,
  { people, event: type }: Trouble,
  domain: string,
): Promise<void> {
  const events = people.map((person): TestEvent => {
    const email = `${person}@${domain}`;
    const userId = type === "EmployeeLeft" ? { userId: `${person}-${domain}` } : {};
    return { type, id: email, data: { personId: email, email, ...userId } };
  });
  for (let index = 0; index < events.length; index += 10) {
    await publish(stack, ...events.slice(index, index + 10));
  }
}

async function readRows(
  stack: ServiceStack,
  named: readonly { name: string; accountId: string; domain: string }[],
) {
  const outcomes = await readJournal(stack);
  const deadLetters = await readDeadLetters(stack);
  const rows = named.map(({ name, accountId, domain }): [string, Row] => {
    const asked: Record<string, number> = {};
    for (const { users } of batchCalls(stack, accountId)) {
      for (const person of users.map(({ sent }) => personOf(sent))) asked[person] = (asked[person] ?? 0) + 1;
    }
    const own = [...outcomes].filter(([id]) => id.endsWith(`@${domain}`));
    const dead = deadLetters.filter(({ body }) => body.includes(`@${domain}`));
    return [
      name,
      {
        asked,
        journal: Object.fromEntries(own.map(([id, outcome]) => [personOf(id), outcome])),
        dead: Object.fromEntries(dead.map(({ body, reason }) => [personOf(eventIdOf(body)), reason])),
      },
    ];
  });
  return Object.fromEntries(rows);
}

export function batchCalls({ chime }: ServiceStack, accountId: string) {
  const calls = chime.calls.list().filter((call) => call.accountId === accountId);
  return calls.filter(({ operation }) => batchOperations.includes(operation));
}

/** `ada` of `ada@case-1.example` and of `ada-case-1.example`. */
export function personOf(name: string): string {
  return name.replace(/[@-]case-.*$/, "");
}

function eventIdOf(body: string): string {
  return /"id":\s*"([^"]*@[^"]*)"/.exec(body)?.[1] ?? "nobody";
}
