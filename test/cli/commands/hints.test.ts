import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ChimeSimulator,
  startChimeSimulator,
} from "../../../packages/chime-simulator/chimeSimulator.ts";
import { hintText } from "../../../src/cli/hints.ts";
import { leaverBody } from "./dlqBench.ts";
import { hintsIn, useTwoStages } from "./twoStages.ts";

const bench = useTwoStages();
const signed = ["--because", "x", "--by", "eve", "--yes"];
const ledger = ["--table", "rollcall-prod-ledger"];
const stack = ["--stack", "rollcall-prod"];

let folder: string;
let chime: ChimeSimulator;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rollcall-hints-"));
  await writeFile(join(folder, "policy.yml"), "accounts: [{ id: team-0001, domains: [example.com] }]\n");
  await writeFile(join(folder, "event.json"), leaverBody("hr-P-1", "P-1"));
  await writeFile(
    join(folder, "roster.csv"),
    "Employee_ID,Work_Email,Status\np-8,stays@example.com,Active\np-9,leaves@example.com,Terminated\n",
  );
  const people = [
    { id: "u-8", email: "stays@example.com" },
    { id: "u-9", email: "leaves@example.com" },
  ];
  chime = await startChimeSimulator({ accounts: [{ id: "team-0001", type: "Team", people }] });
});
afterAll(async () => {
  await chime.close();
  await rm(folder, { recursive: true });
});

/** Every command that prints hints, asked about the stage `prod`; the commands that it advises; and which of them is pasted. */
const commands: { args: string[]; advised: string[]; pasted?: number }[] = [
  { args: ["held", "list", ...ledger], advised: ["held release", "held discard"], pasted: 0 },
  { args: ["held", "list", ...ledger], advised: ["held release", "held discard"], pasted: 1 },
  {
    args: ["held", "release", "--person", "P-1", ...ledger, ...signed],
    advised: ["safeguard reset"],
  },
  {
    args: ["held", "discard", "--person", "P-1", ...ledger, ...signed],
    advised: ["safeguard reset"],
  },
  {
    args: ["safeguard", "status", ...ledger],
    advised: ["safeguard reset", "held list", "held release", "safeguard reset"],
  },
  {
    args: [
      ...["safeguard", "allow", "--account", "team-0001", "--count", "5", "--until", "1h"],
      ...ledger,
      ...signed,
    ],
    advised: ["held list"],
  },
  {
    args: ["safeguard", "reset", "--account", "team-0001", ...ledger, ...signed],
    advised: ["held list"],
  },
  { args: ["explain", "event.json", ...ledger], advised: ["held release"] },
  { args: ["plan", "roster.csv", ...ledger], advised: ["safeguard allow"] },
  { args: ["status", ...stack], advised: ["held list"] },
  { args: ["pause", "--pipeline", "offboard", ...ledger, ...signed.slice(0, 4)], advised: ["resume"] },
  { args: ["dlq", "list", ...stack], advised: ["dlq show"] },
  { args: ["dlq", "show", "hr-9", ...stack], advised: ["dlq list"] },
  { args: ["dlq", "redrive", "hr-9", ...stack], advised: ["dlq list"] },
];

/** Those that write ask, unless they are told not to; but for a resume. */
const isAsking = ([, verb = ""]: readonly string[]) =>
  ["release", "discard", "reset", "allow"].includes(verb);
const isWriting = (words: readonly string[]) => isAsking(words) || words[0] === "resume";

describe("pasting a hint", () => {
  it.each(commands)("of rollcall $args acts on the stage that was read, and on no other", async (each) => {
    const { args, advised, pasted } = each;
    const env = { ...bench.endpoints(), AWS_ENDPOINT_URL_CHIME: chime.url };
    const { stdout, stderr } = await bench.run(args, { cwd: folder, env });
    const hints = hintsIn(`${stdout}${stderr}`);
    expect(hints.map((words) => words.slice(0, words[0] === "resume" ? 1 : 2).join(" "))).toEqual(advised);
    for (const words of pasted === undefined ? hints : hints.slice(pasted, pasted + 1)) {
      // Whatever the shell has by then: another stage, and no endpoint.
      const { changed, exitCode } = await bench.run([...words, ...(isAsking(words) ? ["--yes"] : [])], {
        cwd: tmpdir(),
        env: {
          ROLLCALL_STAGE: "dev",
          ROLLCALL_TABLE: "rollcall-dev-ledger",
          ROLLCALL_STACK: "rollcall-dev",
        },
      });
      const isFound = words[1] === "show" || exitCode === 0;
      expect({ words, changed, isFound }).toEqual({
        words,
        changed: isWriting(words) ? ["prod"] : [],
        isFound: true,
      });
    }
  });
});

const target = {
  stage: "prod",
  table: "rollcall-prod-ledger",
  isDefault: false,
  region: "eu-central-1",
  account: "123456789012",
  endpoints: {},
};

describe("hintText", () => {
  it.each([
    ["hr-17", "hr-17"],
    ["two words", '"two words"'],
    ["hr-1; rm -rf ~", '"hr-1; rm -rf ~"'],
    ["$(id) `id` \\ !!", "'$(id) `id` \\ !!'"],
    ["it's $HOME", "'it'\\''s $HOME'"],
    ["--all", "-- --all"],
  ])("gives %j to a shell as one word, and never as an option", (id, word) => {
    expect(hintText(target, "dlq show", { ids: [id] })).toBe(
      `rollcall dlq show --stage prod --region eu-central-1 --aws-account 123456789012 ${word}`,
    );
  });

  it("gives an option a value that looks like another one", () => {
    const options = { person: "--all" };
    expect(hintText(target, "held list", { options })).toContain(" --person=--all");
  });

  it("names what it does not know by a name that nothing has", () => {
    const local = {
      table: "mine",
      isDefault: false,
      region: "us-east-1",
      endpoints: { sqs: "http://127.0.0.1:1" },
    };
    expect([hintText(local, "held list"), hintText(local, "dlq list")]).toEqual([
      "rollcall held list --table mine --region us-east-1 --endpoint UNKNOWN",
      "rollcall dlq list --stack UNKNOWN --region us-east-1 --endpoint http://127.0.0.1:1",
    ]);
  });

  it("is where all commands are built that are printed as advice", () => {
    const folderOfCli = fileURLToPath(new URL("../../../src/cli", import.meta.url));
    const files = readdirSync(folderOfCli, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ts"),
    );
    const command =
      /rollcall (?:dlq|held|safeguard|history|pending|plan|sync|publish|explain|pause|resume|status|recent|forget|report)\b/;
    const built = files.flatMap((name) => {
      const source = readFileSync(join(folderOfCli, name), "utf8");
      // Help is the same for every target, and comments are nobody's advice.
      const code = source.replaceAll(
        /const \w*[hH]elp\w* = `[^`]*`|const examples = `[^`]*`|\/\*\*[\s\S]*?\*\/|\/\/.*/g,
        "",
      );
      return code
        .split("\n")
        .filter((line) => command.test(line))
        .map((line) => `${name}: ${line.trim()}`);
    });
    expect(built).toEqual([]);
  });
});
