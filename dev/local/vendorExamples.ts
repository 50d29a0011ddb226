import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { closeServer, urlOf } from "@rollcall/aws-local/httpServer";
import type { VendorName } from "../../src/inbound/webhooks/vendor.ts";

/** A person of the simulated directories, as HR knows them. */
export interface DevPerson {
  personId: string;
  email: string;
  accountId: string;
}

/** A leaver in the words of a vendor, by its documents, with its signature. */
interface VendorExample {
  body: string;
  headers: Record<string, string>;
}

/** The vendors' side of the webhooks: they sign with these keys, and answer who an employee is. */
export interface Vendors {
  /** By the names of their parameters in SSM. */
  parameters: Readonly<Record<string, string>>;
  /** @param now milliseconds since the epoch */
  leaver: (vendor: VendorName, person: DevPerson, now: number) => VendorExample;
  close: () => Promise<void>;
}

const signingKeys: Record<VendorName, string> = {
  bamboohr: `bamboohr-${randomUUID()}`,
  hibob: `hibob-${randomUUID()}`,
  gusto: `gusto-${randomUUID()}`,
};

/** Starts the API that HiBob and Gusto are asked at, on a free port of 127.0.0.1. */
export async function startVendors(stackName: string): Promise<Vendors> {
  const employees = new Map<string, object>();
  const server = createServer((request, response) => {
    const found = employees.get((request.url ?? "").replace(/^.*\//, ""));
    response.writeHead(found === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(found ?? {}));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = urlOf(server);
  const settings: Record<VendorName, object> = {
    bamboohr: {},
    hibob: { api: { url, user: "SERVICE-1", token: "rollcall-dev" } },
    gusto: { api: { url, token: "rollcall-dev" } },
  };
  return {
    parameters: Object.fromEntries(
      Object.entries(settings).map(([vendor, more]) => [
        `/${stackName}/webhooks/${vendor}`,
        JSON.stringify({ ...more, signingKeys: [signingKeys[vendor as VendorName]], timeZone: "Etc/UTC" }),
      ]),
    ),
    leaver: (vendor, person, now) => examples[vendor](person, now, employees),
    close: () => closeServer(server),
  };
}

const examples: Record<
  VendorName,
  (person: DevPerson, now: number, employees: Map<string, object>) => VendorExample
> = {
  bamboohr: ({ email }, now) => {
    const timestamp = String(Math.floor(now / 1000));
    const body = JSON.stringify({
      employees: [
        {
          id: numberOf(email),
          action: "Updated",
          timestamp: new Date(now).toISOString(),
          changedFields: ["Employment Status"],
          fields: { "Work Email": email, Status: "Inactive" },
        },
      ],
    });
    const signature = createHmac("sha256", signingKeys.bamboohr).update(body).update(timestamp);
    return {
      body,
      headers: { "x-bamboohr-timestamp": timestamp, "x-bamboohr-signature": signature.digest("hex") },
    };
  },
  hibob: ({ email }, now, employees) => {
    const employeeId = numberOf(email);
    const date = new Date(now - dayMilliseconds).toISOString().slice(0, 10);
    employees.set(employeeId, {
      "/root/email": { value: email },
      "/internal/lifecycleStatus": { value: "terminated" },
      "/internal/terminationDate": { value: date },
    });
    const body = JSON.stringify({
      companyId: 1,
      type: "employee.left",
      triggeredBy: "system",
      triggeredAt: new Date(now).toISOString().slice(0, 23),
      version: "v2",
      data: { employeeId },
    });
    const signature = createHmac("sha512", signingKeys.hibob).update(body).digest("base64");
    return { body, headers: { "bob-signature": signature } };
  },
  gusto: ({ email }, now, employees) => {
    const uuid = randomUUID();
    const date = new Date(now - dayMilliseconds).toISOString().slice(0, 10);
    employees.set(uuid, {
      uuid,
      work_email: email,
      terminated: true,
      terminations: [{ uuid: randomUUID(), active: true, effective_date: date }],
    });
    const body = JSON.stringify({
      uuid: randomUUID(),
      event_type: "employee.terminated",
      entity_type: "Employee",
      entity_uuid: uuid,
      timestamp: Math.floor(now / 1000),
    });
    const signature = createHmac("sha256", signingKeys.gusto).update(body).digest("hex");
    return { body, headers: { "x-gusto-signature": signature } };
  },
};

const dayMilliseconds = 86_400_000;

/** The vendors count their employees. */
function numberOf(email: string): string {
  return String(
    Number.parseInt(createHmac("sha256", "employee").update(email).digest("hex").slice(0, 8), 16),
  );
}
