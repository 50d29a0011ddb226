interface RegionalClient {
  config: { region: () => Promise<string> };
}

/** The region that a client will ask, or `undefined` if none is configured anywhere. */
export function regionOf(client: RegionalClient): Promise<string | undefined> {
  return client.config.region().catch(() => undefined);
}

export const noRegion = "no AWS region is configured; name one with --region or AWS_REGION";
