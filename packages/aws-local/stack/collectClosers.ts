export interface Closers {
  /** What `add` is given is closed before what it was given earlier. */
  add: (close: () => Promise<void>) => void;
  /**
   * Closes everything, also when some of it fails, and then throws an AggregateError of the failures. What is closed is
   * closed: a second call has nothing to do.
   */
  closeAll: () => Promise<void>;
}

/** Keeps what was started, so that it can be closed in the reverse order. */
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
