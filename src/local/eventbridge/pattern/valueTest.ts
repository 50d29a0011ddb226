import type { BlockList } from "node:net";
import type { Wildcard } from "./wildcard.ts";

/** What can stand at a leaf of an event. */
export type Scalar = string | number | boolean | null;

/** Bounds of a `numeric` test; an exact value is a range of one. */
export interface NumericRange {
  low: number;
  high: number;
  lowIncluded: boolean;
  highIncluded: boolean;
}

/** A test that looks at one value of a field. */
export type PresentTest =
  | { kind: "equals"; value: Scalar }
  | { kind: "equals-ignore-case"; folded: string }
  | { kind: "prefix"; text: string; ignoreCase: boolean }
  | { kind: "suffix"; text: string; ignoreCase: boolean }
  | { kind: "wildcard"; wildcard: Wildcard }
  | { kind: "numeric"; range: NumericRange }
  | { kind: "cidr"; addresses: BlockList }
  | { kind: "exists" }
  | { kind: "anything-but"; excluded: readonly PresentTest[] };

/** One element of the array that a pattern gives for a field: the field matches if any element does. */
export type ValueTest = PresentTest | { kind: "absent" };

/** Upper and lower case of a text fall together here, as in `equals-ignore-case`. */
export function foldCase(text: string): string {
  return text.toLowerCase();
}
