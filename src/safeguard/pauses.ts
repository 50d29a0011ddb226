import type { Intent } from "../pipelineSettings.ts";

/** What a pause stops: everything, one pipeline, one account, or one pipeline of one account. */
export interface PauseScope {
  pipeline?: Intent;
  account?: string;
}

/** An emergency stop: no call is made in its scope until an operator resumes it. */
export interface Pause extends PauseScope {
  /** Milliseconds since the epoch. */
  since: number;
  by: string;
  /** The operator's own words for why. */
  note: string;
}

/** The port to the pauses in force. There are few, so all of them are read at once. */
export interface PauseStore {
  /** Reads consistently. Throws what the store throws. */
  list(): Promise<readonly Pause[]>;
  /** Returns the pause of this scope that is in force now: an earlier one stays, and is nobody else's. */
  add(pause: Pause): Promise<Pause>;
  /** Ends the pause of exactly this scope, and returns it; `undefined` if there was none. */
  remove(scope: PauseScope): Promise<Pause | undefined>;
}

/** The pause that stops a pipeline's work for an account, if there is one. */
export function findPause(
  pauses: readonly Pause[],
  { pipeline, account }: Required<PauseScope>,
): Pause | undefined {
  return pauses.find(
    (pause) =>
      (pause.pipeline === undefined || pause.pipeline === pipeline) &&
      (pause.account === undefined || pause.account === account),
  );
}

/** The pauses in memory, for tests; it is held to the same contract as those in DynamoDB. */
export function memoryPauseStore(pauses: Map<string, Pause> = new Map()): PauseStore {
  return {
    list: async () => [...pauses.values()],
    async add(pause) {
      const name = pauseName(pause);
      const standing = pauses.get(name) ?? pause;
      pauses.set(name, standing);
      return standing;
    },
    async remove(scope) {
      const name = pauseName(scope);
      const standing = pauses.get(name);
      pauses.delete(name);
      return standing;
    },
  };
}

/** Equal for equal scopes only. */
export function pauseName({ pipeline, account }: PauseScope): string {
  return `pause#${pipeline ?? "*"}#${account ?? "*"}`;
}

/** The pauses as one process knows them. */
export interface PauseWatch {
  /** Reads the pauses anew. Throws what the store throws. */
  read(): Promise<readonly Pause[]>;
  /** The pauses as they were read in the last seconds. If they cannot be read anew, what was read last still holds. */
  recent(): Promise<readonly Pause[]>;
}

/** A pause that begins while a batch is under way stops its calls after so long at the latest. */
const recentMilliseconds = 2_000;

/**
 * Reads the pauses once for each batch, and again while its calls are made. A fault of the store in between does not end a
 * batch: its next message finds out.
 *
 * @param clock milliseconds since the epoch
 */
export function watchPauses(store: Pick<PauseStore, "list">, clock: () => number): PauseWatch {
  let known: readonly Pause[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<readonly Pause[]> | undefined;
  const read = async () => {
    const startedAt = clock();
    known = await store.list();
    readAt = startedAt;
    return known;
  };
  return {
    read,
    recent() {
      if (clock() - readAt < recentMilliseconds) return Promise.resolve(known);
      // The calls that are under way at once share one read.
      reading ??= read()
        .catch(() => {
          readAt = clock();
          return known;
        })
        .finally(() => {
          reading = undefined;
        });
      return reading;
    },
  };
}
