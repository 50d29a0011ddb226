import type { Failure, Operation } from "../directory.ts";

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
  isTrusted(): boolean;
  /**
   * Believes a change that was made alone, or reads it again: the first of its kind, one of many, and each one once trust is lost. What
   * is made while the first one is still being read waits for it. Returns why the change counts as not made, if it does.
   */
  sample(operation: Operation, readBack: ReadBack): Promise<Failure | undefined>;
  /** Whether the change that is made alone next will be read again, as far as that is known before it. Answers so for one at a time. */
  isDue(operation: Operation): boolean;
  /** One of so many. */
  choose(count: number): number;
}

/** Reads a changed user again. It takes the trust away where the change was not made. */
type ReadBack = () => Promise<Failure | undefined>;

/** Of so many changes of one kind that a target has made one by one, one is read again. */
const oneOf = 50;

/** @param count of those that were believed before */
function isSampled(count: number): boolean {
  return count % oneOf === 0;
}

/** @param random from 0 to below 1 */
export function targetTrust(random: () => number): TargetTrust {
  let operations = 1;
  let most = Number.POSITIVE_INFINITY;
  let isTrusted = true;
  const believed = new Map<Operation, number>();
  const underWay = new Map<Operation, Promise<unknown>>();
  const expected = new Set<Operation>();

  const stopBulk = () => {
    most = 1;
  };

  async function readFirst(operation: Operation, readBack: ReadBack): Promise<Failure | undefined> {
    const reading = readBack();
    // Whoever waits for it decides by what is known then, also where it could not be read.
    const settled = reading.catch(() => undefined);
    underWay.set(operation, settled);
    try {
      const failure = await reading;
      if (failure === undefined) believed.set(operation, 1);
      return failure;
    } finally {
      underWay.delete(operation);
    }
  }

  async function sample(operation: Operation, readBack: ReadBack): Promise<Failure | undefined> {
    expected.delete(operation);
    await underWay.get(operation);
    if (!isTrusted) return readBack();
    const count = believed.get(operation);
    // Others may have waited as well, and one of them is the next to read.
    if (count === undefined)
      return underWay.has(operation) ? sample(operation, readBack) : readFirst(operation, readBack);
    believed.set(operation, count + 1);
    return isSampled(count) ? readBack() : undefined;
  }

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
    isTrusted: () => isTrusted,
    sample,
    isDue(operation) {
      if (!isTrusted) return true;
      if (expected.has(operation) || underWay.has(operation)) return false;
      const count = believed.get(operation);
      const isNext = count === undefined || isSampled(count);
      if (isNext) expected.add(operation);
      return isNext;
    },
    choose: (count) => Math.floor(random() * count),
  };
}
