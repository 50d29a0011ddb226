import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Says that a form was made by this console, for this purpose, and was not sent before. */
export interface FormTokens {
  /** A token for one form. `purpose` is the path that it is sent to. */
  issue(purpose: string): string;
  /** Whether the token is one for the purpose; it is good once. */
  redeem(purpose: string, token: string): TokenAnswer;
}

type TokenAnswer = "good" | "used" | "wrong";

/** A form that was open for longer than that shows what has long changed. */
const lifetimeMilliseconds = 12 * 3_600_000;

/** @param now milliseconds since the epoch */
export function createFormTokens(now: () => number): FormTokens {
  const key = randomBytes(32);
  const used = new Map<string, number>();
  const sign = (purpose: string, nonce: string, until: number) =>
    createHmac("sha256", key)
      .update(JSON.stringify([purpose, nonce, until]))
      .digest("base64url");
  return {
    issue(purpose) {
      const nonce = randomBytes(16).toString("base64url");
      const until = now() + lifetimeMilliseconds;
      return [nonce, until, sign(purpose, nonce, until)].join(".");
    },
    redeem(purpose, token) {
      const [nonce = "", untilText = "", signature = ""] = token.split(".");
      const until = Number(untilText);
      if (!isSame(signature, sign(purpose, nonce, until)) || !(until >= now())) return "wrong";
      if (used.has(nonce)) return "used";
      for (const [old, end] of used) if (end < now()) used.delete(old);
      used.set(nonce, until);
      return "good";
    },
  };
}

/** Compares in constant time, whatever the lengths. */
export function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHmac("sha256", "compare").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
