interface RegionalClient {
  config: { region: () => Promise<string> };
}

/** Where a client will ask; or why nowhere, and what to do about it. */
export type FoundRegion = { kind: "found"; region: string } | { kind: "none"; message: string };

/** The region that a client will ask. The SDK looks for it, and checks it, not before it is wanted. */
export async function findRegion(client: RegionalClient): Promise<FoundRegion> {
  try {
    return { kind: "found", region: await client.config.region() };
  } catch (error) {
    return { kind: "none", message: explain(error) };
  }
}

function explain(error: unknown): string {
  const told = error instanceof Error ? error.message : String(error);
  return told === "Region is missing"
    ? "no AWS region is configured; name one with --region or AWS_REGION"
    : `the AWS region that is configured cannot be used (${told}); name another with --region or AWS_REGION`;
}
