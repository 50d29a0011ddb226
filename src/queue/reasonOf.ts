/** What went wrong in a batch, in one line; SQS may have said it of another of its entries. */
export function reasonOf(errors: readonly unknown[]): string {
  const texts = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  return [...new Set(texts)].join("; ");
}
