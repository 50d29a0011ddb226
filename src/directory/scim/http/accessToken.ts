import { DirectoryError } from "../../directory.ts";

/** What a target is asked with. */
export interface AccessToken {
  text: string;
  /** From then on a new one has to be read, in milliseconds since the epoch; left out where only a refusal tells. */
  until?: number;
}

/** `fresh`: the one before was refused, so nothing that is remembered of it will do. Throws whatever went wrong. */
export type ReadToken = (how: { fresh: boolean }) => Promise<AccessToken>;

export interface TokenMemory {
  /** The token to send. Throws `DirectoryError` where there is none in time. */
  current(longestMilliseconds: number): Promise<string>;
  /** Whether there is another token than the one that was refused. Throws `DirectoryError` where nobody knows in time. */
  renew(refused: string, longestMilliseconds: number): Promise<boolean>;
}

/** A token that has just been read anew, and is refused, is not read again for each user. */
const readAgainAfterMilliseconds = 30_000;

/**
 * Remembers the token, and reads it anew once it is over or refused: for all calls under way together. A call waits for it no longer than
 * its own time allows, and what is read after that is there for the next one.
 */
export function tokenMemory(target: string, readToken: ReadToken, now: () => number): TokenMemory {
  let reading: Promise<AccessToken> | undefined;
  let until = Number.POSITIVE_INFINITY;
  let renewedAt = Number.NEGATIVE_INFINITY;

  function read(fresh: boolean): Promise<AccessToken> {
    const started = checkedToken(target, readToken, fresh);
    reading = started;
    until = Number.POSITIVE_INFINITY;
    started.then(
      (token) => {
        if (reading === started) until = token.until ?? Number.POSITIVE_INFINITY;
      },
      // A failed read is not remembered.
      () => {
        if (reading === started) reading = undefined;
      },
    );
    return started;
  }

  const remembered = () => (reading === undefined || now() >= until ? read(false) : reading);

  return {
    current: async (longest) => (await inTime(target, remembered(), longest)).text,
    async renew(refused, longest) {
      const isRecent = now() - renewedAt < readAgainAfterMilliseconds;
      if (!isRecent) renewedAt = now();
      const token = await inTime(target, isRecent ? remembered() : read(true), longest);
      return token.text !== refused;
    },
  };
}

async function inTime<T>(target: string, work: Promise<T>, longestMilliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DirectoryError(tokenLate(target))), Math.max(0, longestMilliseconds));
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
  }
}

function tokenLate(target: string) {
  const message = `the token of ${target} could not be read in time; it will be tried again`;
  return { class: "transient", code: "TokenLate", message } as const;
}

/** What cannot stand in a header is refused here, because fetch would quote it in its error. */
async function checkedToken(target: string, readToken: ReadToken, fresh: boolean): Promise<AccessToken> {
  let token: AccessToken;
  try {
    token = await readToken({ fresh });
  } catch (error) {
    if (error instanceof DirectoryError) throw error;
    const message = `the token of ${target} cannot be read; check directory.secret and the permission to read it`;
    throw new DirectoryError({ class: "configuration", code: "SecretUnreadable", message }, { cause: error });
  }
  const text = token.text.trim();
  if (/^[\x21-\x7e]+$/.test(text)) return { ...token, text };
  const message = `the token of ${target} is empty or has characters that no token has; store it anew at directory.secret`;
  throw new DirectoryError({ class: "configuration", code: "SecretUnusable", message });
}
