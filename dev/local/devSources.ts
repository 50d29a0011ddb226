import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { vendorNames } from "../../src/inbound/webhooks/vendor.ts";
import type { DevPeople } from "./devPeople.ts";
import { type DevStack, devParameters } from "./devStack.ts";
import { clone } from "./stackFile.ts";
import type { Vendors } from "./vendorExamples.ts";

/** What HR systems send by other ways than the bus. Each returns what has happened, in words. */
export interface DevSources {
  /** Each vendor reports a leaver by a signed webhook, and Okta another by its log stream. */
  report: () => Promise<string[]>;
  /** Stores a roster in S3, and lets it be compared with the directories at once. */
  storeRoster: (file: string) => Promise<string>;
}

export const sampleRoster = join(clone, "events", "sample-roster.csv");

export function devSources(stack: DevStack, vendors: Vendors, people: DevPeople): DevSources {
  return {
    report: async () => {
      const reports: string[] = [];
      for (const vendor of vendorNames) {
        const person = people.anybody();
        if (person === undefined) continue;
        const { body, headers } = vendors.leaver(vendor, person, stack.clock.now());
        const url = `${stack.webhooksUrl}/${vendor}`;
        const { status } = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json", ...headers },
          body,
        });
        reports.push(`webhook of ${vendor}: ${person.accountId} loses somebody, answered with ${status}`);
      }
      const person = people.anybody();
      if (person === undefined) return [...reports, "nobody is left whom it could be about"];
      await sendAsOkta(stack, person.email);
      return [...reports, `Okta's log stream: ${person.accountId} loses somebody`];
    },
    storeRoster: async (file) => {
      const { rosterBucket, rosterKey } = devParameters;
      const url = `${stack.s3.url}/${rosterBucket}/${rosterKey}`;
      const { status } = await fetch(url, { method: "PUT", body: await readFile(file) });
      if (status !== 200) return `the roster could not be stored: S3 answered ${status}`;
      const name = [...stack.functions.keys()].find((each) => each.endsWith("-roster")) ?? "";
      void stack.functions
        .get(name)
        ?.invoke({})
        .catch(() => undefined);
      return `roster stored as s3://${rosterBucket}/${rosterKey}; it is compared with the directories now`;
    },
  };
}

/** As EventBridge would, which takes events of a partner's from nobody else. */
async function sendAsOkta({ sqs, queueUrl, stackName, clock }: DevStack, email: string): Promise<void> {
  const at = new Date(clock.now()).toISOString();
  const event = {
    version: "0",
    id: randomUUID(),
    "detail-type": "SystemLog",
    source: devParameters.oktaBusName,
    account: "123456789012",
    time: at,
    region: "us-east-1",
    resources: [],
    detail: {
      uuid: randomUUID(),
      published: at,
      eventType: "user.lifecycle.deactivate",
      outcome: { result: "SUCCESS" },
      target: [{ id: `00u${randomUUID().slice(0, 8)}`, type: "User", alternateId: email }],
    },
  };
  await sqs.send(
    new SendMessageCommand({ QueueUrl: queueUrl(`${stackName}-okta`), MessageBody: JSON.stringify(event) }),
  );
}
