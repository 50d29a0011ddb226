export interface Closers {
  /** Adds a closer. Later ones run before earlier ones. */
  add: (close: () => Promise<void>) => void;
  /**
   * Runs all closers, even if some fail, and then throws an AggregateError of the failures. A second call does
   * nothing.
   */
  closeAll: () => Promise<void>;
}

/** Collects closers, so that everything that was started can be closed in reverse order. */
export function collectClosers(): Closers {
  const closers: (() => Promise<void>)[] = [];
  return {
    add: (close) => void closers.push(close),
    closeAll: async () => {
      const failures: unknown[] = [];
      for (const close of closers.splice(0).reverse()) {
        await close().catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, `Could not close everything: ${failures}`);
    },
  };
}
