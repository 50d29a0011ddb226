import { localAccount } from "@rollcall/aws-local/localAccount";

/** The emulators' account, with the name of the service's stack on stage `dev`. */
export const devAccount = { ...localAccount, stackName: "rollcall-dev" } as const;

const prefix = `${devAccount.stackName}-`;

/** Returns a queue's name without the stack's, such as `offboard-dlq`. */
export function queueLabel(queueName: string): string {
  return queueName.startsWith(prefix) ? queueName.slice(prefix.length) : queueName;
}
