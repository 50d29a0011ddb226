import { isAbsolute, relative, resolve } from "node:path";
import { paint, type Terminal } from "../../src/cli/terminal.ts";
import { countOf } from "../../src/operations/words/plainWords.ts";
import { type DevKey, keyLines } from "./devKeys.ts";
import { commandOf } from "./devScreen.ts";
import type { DevStack } from "./devStack.ts";

interface Banner {
  stack: DevStack;
  seconds: number;
  console: string;
  keys: readonly Pick<DevKey, "key" | "name">[];
  logFile: string;
}

/** What somebody needs to know at first. It fits into 80 columns, but for a long address. */
export function bannerLines(
  { stack, seconds, console, keys, logFile }: Banner,
  { stdin, stdout }: Terminal,
): string[] {
  const { chime, directories, scimUrl, webhooksUrl } = stack;
  const users = directories.map(({ accounts, users: usersOf }) =>
    accounts.reduce((sum, { accountId }) => sum + usersOf(accountId).length, 0),
  );
  const [chimeUsers = 0, scimUsers = 0] = users;
  const rows: [string, string][] = [
    ["Console", console],
    ["Chime", `${chime.url}   simulated, ${countOf(chimeUsers, "user")}`],
    ["SCIM", `${scimUrl}   simulated, ${countOf(scimUsers, "user")}`],
    ["Webhooks", `${webhooksUrl}/bamboohr, /hibob, /gusto`],
    ["Policy", "policy.yml, read again when it is saved; and scim-0001"],
    ["Log", shortest(logFile)],
    ["Commands", "npx rollcall COMMAND --stage local     in another terminal"],
    ["Try", commandOf("trigger left --person P-T0042 --wait")],
    ["", commandOf("status --watch")],
  ];
  const width = stdout.isTTY ? stdout.columns || 80 : Number.POSITIVE_INFINITY;
  const label = Math.max(...rows.map(([name]) => name.length)) + 2;
  return [
    `${paint(stdout, "green", "Rollcall dev is up")} (${seconds.toFixed(1)} s). All is in memory, and gone when it ends.`,
    ...rows.flatMap(([name, text]) => {
      const start = `  ${paint(stdout, "dim", name.padEnd(label))}`;
      // A long address has a line of its own, so that it can be copied whole.
      return 2 + label + text.length <= width
        ? [`${start}${text}`]
        : [`  ${paint(stdout, "dim", name)}`, text];
    }),
    ...(stdin.isTTY === true
      ? ["", ...keyLines(keys, width), "  Or drop a roster's file on this window. Times are UTC."]
      : []),
    "",
  ];
}

function shortest(file: string): string {
  const short = relative(resolve(), file);
  return short.startsWith("..") || isAbsolute(short) ? file : short;
}
