import type { Operation } from "../directory.ts";

/** What an execution environment has learned of a target: how many changes it takes at once, and whether its word counts. */
export interface TargetTrust {
  /** How many changes a request may carry; 1 without bulk. */
  bulkOperations(): number;
  /** What the target announces, or `undefined` for no bulk. It does not bring back what was lost. */
  allowBulk(operations: number | undefined): void;
  /** A request of so many changes was too large. */
  halveBulk(operations: number): void;
  stopBulk(): void;
  /** The target said yes and did nothing: from now on everybody is read again, and changed alone. */
  loseTrust(): void;
  /** Whether a change that was made alone is one of those that are read again. */
  isSampled(operation: Operation): boolean;
  /** One of so many. */
  choose(count: number): number;
}

/** Of so many changes of one kind that a target has made one by one, one is read again. */
const oneOf = 50;

/** @param random from 0 to below 1 */
export function targetTrust(random: () => number): TargetTrust {
  let operations = 1;
  let most = Number.POSITIVE_INFINITY;
  let isTrusted = true;
  const made = new Map<Operation, number>();
  const stopBulk = () => {
    most = 1;
  };
  return {
    bulkOperations: () => Math.min(operations, most),
    allowBulk(announced = 1) {
      operations = Math.max(1, announced);
    },
    halveBulk(sent) {
      most = Math.max(1, Math.min(most, Math.floor(sent / 2)));
    },
    stopBulk,
    loseTrust() {
      isTrusted = false;
      stopBulk();
    },
    isSampled(operation) {
      const count = made.get(operation) ?? 0;
      made.set(operation, count + 1);
      return !isTrusted || count % oneOf === 0;
    },
    choose: (count) => Math.floor(random() * count),
  };
}
