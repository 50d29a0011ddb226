import type { Child } from "hono/jsx";
import { Notice } from "./parts.tsx";

/** A part of a page that could be read, or why it could not: one refusal does not take the others along. */
export type Attempt<T> = { kind: "read"; value: T } | { kind: "failed"; message: string };

/** For so long the parts that are there wait for the one that is not: a service that does not answer is asked for half a minute. */
const patienceMilliseconds = 10_000;

export async function attempt<T>(
  read: () => Promise<T>,
  explainFailure: (error: unknown) => string,
): Promise<Attempt<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Attempt<T>>((resolve) => {
    const message = `There was no answer for ${patienceMilliseconds / 1000} s. Look again, or at the same by its command.`;
    timer = setTimeout(() => resolve({ kind: "failed", message }), patienceMilliseconds);
  });
  try {
    return await Promise.race([read().then((value) => ({ kind: "read", value }) as const), late]);
  } catch (error) {
    return { kind: "failed", message: explainFailure(error) };
  } finally {
    clearTimeout(timer);
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
