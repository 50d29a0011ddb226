import type { Closing, DirectoryAccount } from "../directory/directory.ts";
import type { Intent } from "../pipelines.ts";
import type { AfterSuspension } from "../policy/afterSuspension.ts";

/** The calls that follow one that answers an intent: what the account's users need or can have, and the policy asks for. */
export function closingsOf(
  { answers }: Pick<DirectoryAccount, "answers">,
  intent: Intent,
  asked: Pick<AfterSuspension, Closing>,
): readonly Closing[] {
  const answer = answers[intent];
  if (answer.kind === "reject" || answer.closings === undefined) return none;
  return answer.closings.filter((operation) => asked[operation]);
}

const none: readonly Closing[] = [];
