import { chimeAnswers } from "../../src/directory/chime/chimeAnswers.ts";
import { chimeBatchLimits } from "../../src/directory/chime/chimeLimits.ts";
import type { Directory, TargetResult } from "../../src/directory/directory.ts";

const done: TargetResult = { kind: "done" };

/** A directory that does all it is asked at once and knows nobody, so that only the work around the calls is left. */
export function instantDirectory(): Directory {
  return {
    limits: chimeBatchLimits,
    getAccount: async (accountId) => ({
      accountId,
      type: "EnterpriseLWA",
      active: true,
      supportedLicenses: [],
      defaultLicense: undefined,
      answers: chimeAnswers.EnterpriseLWA,
    }),
    listUsers: async () => ({ users: [], nextPageToken: undefined }),
    findUser: async () => undefined,
    perform: async ({ entries }) => ({
      requestId: "00000000-0000-4000-8000-000000000000",
      results: new Map(entries.map(({ target }) => [target, done])),
    }),
  };
}
