import { userInfo } from "node:os";
import { startConsole } from "../../src/cli/commands/console/startConsole.ts";
import { localStage } from "../../src/cli/target.ts";
import type { RunningConsole } from "../../src/console/server/serveConsole.ts";
import type { DevStack } from "./devStack.ts";

/** As long as the stack is up. */
const neverIdleMilliseconds = 2 ** 31 - 1;

/** What the console hears when something may have changed. */
export interface News {
  subscribe: (onChange: () => void) => () => void;
  tell: () => void;
}

export function createNews(): News {
  const listeners = new Set<() => void>();
  return {
    subscribe: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    tell: () => {
      for (const listener of listeners) listener();
    },
  };
}

/** Starts the web console over the stack, on the same clock. */
export function startDevConsole(
  { stackName, endpoints, policyFile, clock, model }: DevStack,
  { port, news }: { port: number; news: News },
): Promise<RunningConsole> {
  return startConsole({
    target: {
      stage: localStage,
      stack: stackName,
      table: model.tables[0]?.name ?? `${stackName}-ledger`,
      bus: model.buses[0]?.name ?? stackName,
      isDefault: false,
      region: "us-east-1",
      endpoints: {
        dynamodb: endpoints.AWS_ENDPOINT_URL_DYNAMODB,
        sqs: endpoints.AWS_ENDPOINT_URL_SQS,
        eventBridge: endpoints.AWS_ENDPOINT_URL_EVENTBRIDGE,
        directory: endpoints.AWS_ENDPOINT_URL_CHIME,
      },
    },
    policy: policyFile,
    directoryEndpoint: endpoints.AWS_ENDPOINT_URL_CHIME,
    ssmEndpoint: endpoints.AWS_ENDPOINT_URL_SSM,
    by: userName(),
    port,
    live: { kind: "push", subscribe: news.subscribe },
    idleMilliseconds: neverIdleMilliseconds,
    now: clock.now,
  });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "rollcall dev";
  }
}
