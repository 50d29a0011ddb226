import { randomBytes } from "node:crypto";

/** Keeps what a page has shown, so that an act means exactly that, whatever has changed since. */
export interface Snapshots<T> {
  /** Returns the token by which a form names it. */
  keep(shown: T): string;
  /** `undefined` for a token that is none, or that has made room for newer ones. */
  find(token: string): T | undefined;
}

/** Each page and tab keeps one; the oldest make room. */
export function createSnapshots<T>(most: number): Snapshots<T> {
  const kept = new Map<string, T>();
  return {
    keep(shown) {
      const token = randomBytes(16).toString("base64url");
      kept.set(token, shown);
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - most))) kept.delete(oldest);
      return token;
    },
    find(token) {
      const found = kept.get(token);
      if (found !== undefined) {
        kept.delete(token);
        kept.set(token, found);
      }
      return found;
    },
  };
}
