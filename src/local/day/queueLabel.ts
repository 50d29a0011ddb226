import { localAccount } from "../stack/localAccount.ts";

const prefix = `${localAccount.stackName}-`;

/** A queue's name as it reads within the stack: `offboard-dlq`. */
export function queueLabel(queueName: string): string {
  return queueName.startsWith(prefix) ? queueName.slice(prefix.length) : queueName;
}
