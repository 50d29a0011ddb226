import type { CommandWords, ConsoleCommand, ConsoleTarget } from "../consolePorts.ts";

/** How times are told. */
export type TimeStyle = (typeof timeStyles)[number];
export const timeStyles = ["local", "utc", "relative"] as const;

/** What every page knows while it is drawn. */
export interface View {
  target: ConsoleTarget;
  /** Where it is shown, with its query: the links that change something of it lead there. */
  address: string;
  times: TimeStyle;
  /** Milliseconds since the epoch. */
  now: number;
  /** Why nothing can be changed here; `undefined` where it can. */
  readOnly: string | undefined;
  /** `poll`: the page asks again every so many seconds while it is seen. */
  live: { kind: "push" } | { kind: "poll"; everySeconds: number };
  /** A token for one form that is sent to this path. */
  formToken: (path: string) => string;
  commandLine: (command: ConsoleCommand, words?: CommandWords) => string;
}

/** The address of a page, with everything in it escaped. */
export function addressOf(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, value);
  const search = given.toString();
  return search === "" ? path : `${path}?${search}`;
}

/**
 * A masked address stands in the place of an id that is one. It leads to nobody, so it must not become a link; whoever knows the
 * address types it.
 */
export function isMasked(id: string): boolean {
  return id.includes("***");
}
