import { onTestFinished } from "vitest";
import {
  type CallAnswer,
  type CallEntry,
  type DirectoryCall,
  DirectoryError,
  type Failure,
} from "../../../src/directory/directory.ts";
import type { FakeAccount } from "../fakeAccounts.ts";
import { type ChimeWorld, startChimeWorld } from "./chimeWorld.ts";

export const budget = { milliseconds: 10_000 };

const people = ["ada", "grace", "joan"].map((userId) => ({
  userId,
  email: `${userId}@team.example`,
  state: "active" as const,
  license: "Basic",
  type: "person" as const,
}));
const team: FakeAccount = { accountId: "team", type: "Team", users: people };

/** A Chime with one Team account of Ada, Grace and Joan; it ends with the test. */
export async function startTeam(attempts: "asDeployed" | "one"): Promise<ChimeWorld> {
  const world = await startChimeWorld([team], attempts);
  onTestFinished(world.close);
  return world;
}

export function suspend(...userIds: string[]): DirectoryCall {
  return { operation: "suspend", accountId: "team", entries: toEntries(userIds) };
}

export function invite(...emails: string[]): DirectoryCall {
  return { operation: "create", accountId: "team", entries: toEntries(emails) };
}

/** The class and the code of each target's result, or `done`. */
export function toWords({ results }: CallAnswer): Record<string, string> {
  return Object.fromEntries(
    [...results].map(([target, result]) => [
      target,
      result.kind === "done" ? "done" : `${result.failure.class} ${result.failure.code}`,
    ]),
  );
}

/** The error of a call that must fail. */
export async function errorOf(call: Promise<unknown>): Promise<DirectoryError> {
  const error = await call.then(
    (value) => new Error(`expected a failure, got ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof DirectoryError) return error;
  throw error;
}

export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  return (await errorOf(call)).failure;
}

function toEntries(targets: readonly string[]): CallEntry[] {
  return targets.map((target) => ({ target }));
}
