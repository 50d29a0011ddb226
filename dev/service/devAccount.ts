import { localAccount } from "@rollcall/aws-local/localAccount";

/** The AWS account of the emulators, and the name of the service's stack in it, of the stage `dev`. */
export const devAccount = { ...localAccount, stackName: "rollcall-dev" } as const;

/** A queue's name without the stack's, such as `offboard-dlq`. */
export function queueLabel(queueName: string): string {
  return queueName.replace(/^rollcall-(dev|local)-/, "");
}
