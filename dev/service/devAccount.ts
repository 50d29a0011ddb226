import { localAccount } from "@rollcall/aws-local/localAccount";

/** The account of the emulators, and the stack in it that this repository deploys there: the service's stage `dev`. */
export const devAccount = { ...localAccount, stackName: "rollcall-dev" } as const;

const prefix = `${devAccount.stackName}-`;

/** A queue's name as it reads within the stack: `offboard-dlq`. */
export function queueLabel(queueName: string): string {
  return queueName.startsWith(prefix) ? queueName.slice(prefix.length) : queueName;
}
