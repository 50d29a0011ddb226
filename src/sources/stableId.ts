import { createHash } from "node:crypto";

/**
 * An event's id for a message that has none: the same for the same content, so that a delivery that comes twice is known
 * for one. 128 bits, which no two messages share by chance.
 */
export function stableId(source: string, content: unknown): string {
  const hash = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  return `${source}-${hash.slice(0, 32)}`;
}
