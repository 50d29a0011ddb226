import type { ConsolePorts } from "../../../console/consolePorts.ts";
import { sleep } from "../../../events/eventBridge/eventBridgeBus.ts";
import type { EventLine } from "../../../events/eventLines.ts";
import { publishLines } from "../../../operations/publishLines.ts";
import type { Policy } from "../../../policy/policy.ts";
import { withBus } from "../../composition.ts";
import type { DirectoryOptions } from "../../options.ts";
import type { Target } from "../../target.ts";
import { openAccounts, openOperatorQuestions } from "../directory/openAccounts.ts";

/** Opens the directories of a policy's accounts for one question or act, and closes them again. */
export async function withDirectories<T>(
  policy: Policy,
  options: DirectoryOptions,
  use: (open: Parameters<Parameters<ConsolePorts["withDirectories"]>[1]>[0]) => Promise<T>,
): Promise<T> {
  const { directory, close } = openAccounts(policy.accounts, options);
  const questions = openOperatorQuestions(policy.accounts, options);
  try {
    const accounts = policy.accounts.map(({ id }) => id);
    return await use({ directory, administration: questions.administration, accounts });
  } finally {
    close();
    questions.close();
  }
}

/** Publishes lines as `rollcall sync` does; those that are not accepted go to a file in the current folder. */
export function publishAll(
  target: Target,
  lines: AsyncIterable<EventLine>,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (events: number) => void },
) {
  const files = { input: "-", rejected: undefined, rejectedPath: "rejected.jsonl" };
  return withBus(target, files, (open) =>
    publishLines(
      lines,
      { unchecked: false },
      {
        ...open,
        sleep,
        random: Math.random,
        signal,
        clock: () => performance.now(),
        onRejection: () => {},
        onProgress: ({ events }) => onProgress(events),
      },
    ),
  );
}
