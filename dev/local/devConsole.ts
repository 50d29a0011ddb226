import type { DevStack } from "./devStack.ts";

export interface DevConsole {
  /** With the token of this start. */
  url: string;
  close: () => Promise<void>;
}

/** Starts the web console over the stack; `undefined` where there is none. */
export async function startDevConsole(_stack: DevStack, _port: number): Promise<DevConsole | undefined> {
  return undefined;
}
