import type { Child } from "hono/jsx";
import { Notice } from "./parts.tsx";

/** A part of a page that could be read, or why it could not: one refusal does not take the others along. */
export type Attempt<T> = { kind: "read"; value: T } | { kind: "failed"; message: string };

export async function attempt<T>(
  read: () => Promise<T>,
  explainFailure: (error: unknown) => string,
): Promise<Attempt<T>> {
  try {
    return { kind: "read", value: await read() };
  } catch (error) {
    return { kind: "failed", message: explainFailure(error) };
  }
}

/** Shows what was read, or in its place why it was not. */
export function Part<T>({ reading, children }: { reading: Attempt<T>; children: (value: T) => Child }) {
  return reading.kind === "read" ? (
    children(reading.value)
  ) : (
    <Notice tone="bad" title="This could not be read.">
      <p>{reading.message}</p>
    </Notice>
  );
}
