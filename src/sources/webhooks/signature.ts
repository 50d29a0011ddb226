import { createHmac, timingSafeEqual } from "node:crypto";

export interface Signature {
  algorithm: "sha256" | "sha512";
  encoding: "hex" | "base64";
}

/**
 * Whether what was signed, part after part, has this signature under one of the keys. As long for a wrong signature as for
 * a right one. The texts are compared and not what they stand for, because decoders forgive what a signature must not.
 */
export function hasSignature(
  given: string,
  { algorithm, encoding }: Signature,
  { parts, keys }: { parts: readonly (string | Uint8Array)[]; keys: readonly string[] },
): boolean {
  const bytes = Buffer.from(given);
  const matches = keys.map((key) => {
    const hmac = createHmac(algorithm, key);
    for (const part of parts) hmac.update(part);
    const expected = Buffer.from(hmac.digest(encoding));
    return bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
  return matches.includes(true);
}
