interface PendingWork {
  /** Starts the work and counts it until it ends. `idle` throws its failure. */
  add: (work: () => Promise<void>) => void;
  /** Resolves when no work is left, including work started in the meantime. */
  idle: () => Promise<void>;
}

/** Counts running work, so that a test can wait for its end instead of sleeping. */
export function pendingWork(): PendingWork {
  let count = 0;
  const failures: unknown[] = [];
  let waiters: (() => void)[] = [];

  async function run(work: () => Promise<void>): Promise<void> {
    count++;
    try {
      await work();
    } catch (error) {
      failures.push(error);
    }
    count--;
    if (count > 0) return;
    for (const wake of waiters) wake();
    waiters = [];
  }

  return {
    add: (work) => void run(work),
    idle: async () => {
      // A waiter may find new work that another waiter has started.
      while (count > 0) await new Promise<void>((resolve) => waiters.push(resolve));
      if (failures.length > 0)
        throw new AggregateError(failures.splice(0), "Deliveries failed unexpectedly.");
    },
  };
}
