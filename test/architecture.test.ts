import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The folders of `src` from the bottom to the top. A file imports from its own folder and from those above its line. */
const layers: readonly (readonly string[])[] = [
  ["privacy"],
  ["events"],
  ["pipelineSettings"],
  ["policy"],
  ["directory"],
  ["ledger"],
  ["safeguard"],
  ["provisioning"],
  ["inbound"],
  ["queue"],
  ["reconcile"],
  ["operations"],
  ["observability"],
  ["console"],
  ["lambda", "infra", "cli"],
];
const levelOf = new Map(
  layers.flatMap((folders, level) => folders.map((folder) => [folder, level] as const)),
);

const sources = filesOf("src");
const houses = [...sources, ...filesOf("packages"), ...filesOf("dev")];

describe("the house", () => {
  it("has a level for every folder of src", () => {
    const unknown = sources.map(folderOf).filter((folder) => !levelOf.has(folder));
    expect([...new Set(unknown)]).toEqual([]);
  });

  it("imports one way: from the same folder, or from one further down", () => {
    const upwards = sources.flatMap((file) =>
      importsOf(file)
        .filter((target) => folderOf(target) !== folderOf(file) && levelAt(target) >= levelAt(file))
        .map((target) => `${file} imports ${target}`),
    );
    expect(upwards).toEqual([]);
  });

  it("has no two files of one name", () => {
    const names = houses.map((file) => basename(file));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("has no file of more than 350 lines", () => {
    const long = houses.filter((file) => readFileSync(join(root, file), "utf8").split("\n").length > 351);
    expect(long).toEqual([]);
  });

  it("has no folder of more than 18 files", () => {
    const counts = new Map<string, number>();
    for (const file of houses) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > 18)).toEqual([]);
  });
});

describe("a directory by name", () => {
  /** The names of directories that have an adapter, and the words of their interfaces. */
  const names = /chime|BatchSuspend|BatchUnsuspend|BatchUpdateUser|InviteUsers|EnterpriseLWA/i;
  /** The adapters themselves, and the one place that knows which there are. */
  const homes = /^src\/directory\/(chime|kinds)\//;

  it("stands in its adapter and in the list of kinds, and nowhere else in src", () => {
    const elsewhere = sources
      .filter((file) => !homes.test(file))
      .flatMap((file) =>
        readFileSync(join(root, file), "utf8")
          .split("\n")
          .flatMap((line, index) => (names.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
      );
    expect(elsewhere).toEqual([]);
  });
});

describe("the oracle of the chaos run", () => {
  const oracle = filesOf("dev/chaos/oracle");
  const statements = oracle.flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/^import ((?:type )?)[^;]+?"([^"]+)";/gms)].map(
      ([, type = "", target = ""]) => ({ file, isType: type !== "", target }),
    ),
  );

  it("shares no code with the product: it imports libraries, itself, and nothing else but types of the run", () => {
    const others = statements.filter(
      ({ file, isType, target }) =>
        target.startsWith(".") &&
        !oracle.includes(relative(root, resolve(root, dirname(file), target))) &&
        !isType,
    );
    const ofProduct = statements.filter(({ target }) => /(^|\/)src\//.test(target));
    expect(statements.length).toBeGreaterThan(10);
    expect([others, ofProduct]).toEqual([[], []]);
  });
});

/** Relative to the project's folder, as are all paths here. */
function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(tsx?|cjs|mjs)$/.test(name) && !name.includes("node_modules"))
    .map((name) => join(folder, name));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  return [...text.matchAll(/(?:from|import\(|requireTypeScript\()\s*"(\.[^"]+\.tsx?)"/g)].map(
    ([, path = ""]) => relative(root, resolve(root, dirname(file), path)),
  );
}

/** The folder right below `src`, or the name of a file that lies there. */
function folderOf(file: string): string {
  return (file.split("/")[1] ?? "").replace(/\.tsx?$/, "");
}

function levelAt(file: string): number {
  return levelOf.get(folderOf(file)) ?? -1;
}
