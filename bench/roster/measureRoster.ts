import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PopulatedAccount } from "@rollcall/chime-simulator/seedDirectory";
import * as z from "zod";
import { withTemporaryFolder } from "../../dev/service/packageService.ts";
import { startServer } from "../servers/startServer.ts";

const measuredSchema = z.object({ seconds: z.number(), peakMebibytes: z.number() });
type Measured = z.output<typeof measuredSchema>;

export interface RosterMeasurement {
  people: number;
  /** Reading the directory, and nothing else. */
  scan: Measured;
  /** `rollcall plan`, which reads it too. */
  plan: Measured;
}

/** What a plan of so many people takes against a directory of as many, beside reading that directory alone. */
export async function measureRoster(people: number): Promise<RosterMeasurement> {
  const server = await startServer(new URL("../servers/rosterServer.ts", import.meta.url), [String(people)]);
  try {
    return await withTemporaryFolder("bench-roster", async (folder) => {
      const roster = join(folder, "roster.csv");
      const policy = join(folder, "policy.yml");
      await writeFile(roster, companyRoster(people));
      await writeFile(policy, companyPolicy);
      const scan = await measure(["scan", server.url]);
      const args = [roster, "--policy", policy, "--memory", join(folder, "last.json"), "--json"];
      return { people, scan, plan: await measure(["plan", server.url, ...args]) };
    });
  } finally {
    await server.close();
  }
}

/** For people: the two beside each other, and how much longer the plan takes. */
export function rosterLines({ people, scan, plan }: RosterMeasurement): string[] {
  const text = ({ seconds, peakMebibytes }: Measured) =>
    `${seconds.toFixed(1).padStart(6)} s  ${peakMebibytes.toFixed(0).padStart(4)} MiB`;
  return [
    `${people.toLocaleString("en")} people in the roster and in the directory`,
    `  reading the directory  ${text(scan)}`,
    `  rollcall plan          ${text(plan)}`,
    `  ${(plan.seconds / scan.seconds).toFixed(2)} times the reading alone`,
  ];
}

async function measure(args: readonly string[]): Promise<Measured> {
  const script = new URL("rosterProcess.ts", import.meta.url);
  const child = fork(script, args, {
    execArgv: ["--import", import.meta.resolve("tsx")],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const message = once(child, "message");
  const [exitCode] = await once(child, "exit");
  if (exitCode !== 0) throw new Error(`${args[0]}: the measured process ended with exit code ${exitCode}`);
  const [measured] = await message;
  return measuredSchema.parse(measured);
}

const addressOf = (ordinal: number) => `person${ordinal}@company.example`;
const ordinals = (people: number) => Array.from({ length: people }, (_, index) => index + 1);

/** The account of a company of so many people, all of them registered. */
export function rosterAccount(people: number): PopulatedAccount {
  return {
    id: "company",
    type: "EnterpriseLWA",
    people: ordinals(people).map((ordinal) => ({ id: `u-${ordinal}`, email: addressOf(ordinal) })),
  };
}

/** Its HR system's export: one in a hundred has left, one in fifty has a new role. */
function companyRoster(people: number): string {
  const rows = ordinals(people).map((ordinal) => {
    const [status, lastDay] = ordinal % 100 === 0 ? ["Terminated", "2026-05-13"] : ["Active", ""];
    const role = ordinal % 50 === 1 ? "engineer" : "contractor";
    return `P-${ordinal},${addressOf(ordinal)},${status},2020-01-01,${lastDay},Pacific/Auckland,${role}`;
  });
  return ["Employee_ID,Work_Email,Status,Hire_Date,Termination_Date,Time_Zone,Job_Title", ...rows, ""].join(
    "\n",
  );
}

const companyPolicy = `accounts:
  - {id: company, domains: [company.example], licensePerRole: {engineer: Pro, contractor: Basic}}
`;
