import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import {
  type ChimeSimulator,
  startChimeSimulator,
} from "../../../packages/chime-simulator/chimeSimulator.ts";
import { runRollcall, withoutTarget } from "../runRollcall.ts";
import { startTakingBus, type TakingBus } from "../takingBus.ts";

const policy = `
accounts:
  - {id: team, domains: [team.example], licensePerRole: {engineer: Pro}}
  - {id: lwa, domains: [lwa.example], licensePerRole: {engineer: Pro}}
`;

/** What the simulator's accounts hold, apart from what a test adds. */
const accounts = [
  {
    id: "team",
    type: "Team" as const,
    supportedLicenses: ["Basic", "Pro"] as const,
    defaultLicense: "Basic" as const,
    people: [
      { id: "u-leaves", email: "leaves@team.example" },
      { id: "u-stays", email: "stays@team.example" },
      { id: "u-room", email: "room@team.example" },
    ],
  },
  {
    id: "lwa",
    type: "EnterpriseLWA" as const,
    supportedLicenses: ["Basic", "Pro"] as const,
    defaultLicense: "Pro" as const,
    people: [{ id: "u-returns", email: "returns@lwa.example", registration: "Suspended" as const }],
  },
];

export const roster = `Employee_ID,Work_Email,Status,Job_Title
p-leaves,leaves@team.example,Terminated,
p-stays,stays@team.example,Active,
p-joins,joins@team.example,Active,engineer
p-returns,returns@lwa.example,Active,
`;

/** For each test a folder with a policy and `roster.csv`, two accounts in the simulator, and a bus. */
export function useRosterBench() {
  let folder = "";
  let chime: ChimeSimulator;
  let bus: TakingBus;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "rollcall-roster-"));
    chime = await startChimeSimulator({ accounts });
    bus = await startTakingBus();
    await writeFile(join(folder, "policy.yml"), policy);
    await writeFile(join(folder, "roster.csv"), roster);
  });
  afterEach(async () => {
    await chime.close();
    await bus.close();
    await rm(folder, { recursive: true });
  });
  const run = async (args: readonly string[], stdin = "") =>
    withoutTarget(await runRollcall([...args, "--chime-endpoint", chime.url], { cwd: folder, stdin }));
  return {
    chime: () => chime,
    bus: () => bus,
    files: async () => (await readdir(folder)).sort(),
    read: (name: string) => readFile(join(folder, name), "utf8"),
    write: (name: string, content: string) => writeFile(join(folder, name), content),
    plan: (args: readonly string[], stdin?: string) => run(["plan", ...args], stdin),
    sync: (args: readonly string[], stdin?: string) => run(["sync", ...args, "--endpoint", bus.url], stdin),
  };
}
