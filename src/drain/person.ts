import type { DirectoryAccount, DirectoryUser } from "../directory/directory.ts";
import type { Failure } from "../directory/failure.ts";
import type { Group } from "./collapse.ts";
import type { ScopedDecision } from "./screen.ts";

/** A group in scope, with what the directory says of its account and of its person. */
export interface ResolvedPerson {
  group: Group<ScopedDecision>;
  account: Found<DirectoryAccount>;
  user: UserResolution;
}

export type Found<T> = { kind: "found"; value: T } | { kind: "failed"; failure: Failure };

/**
 * `notAsked`: the call needs no more than the event holds. `known`: only the id is known, from the event.
 */
export type UserResolution =
  | { kind: "notAsked" }
  | { kind: "known"; userId: string }
  | { kind: "found"; user: DirectoryUser }
  | { kind: "absent" }
  | { kind: "failed"; failure: Failure };
