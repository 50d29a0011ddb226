import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { clonedFiles, commandsOf, type Document, documents, proseOf, root } from "./documents.ts";

/** What stands in no clone: packaging and the command make the first two, and the others are names of keys in AWS. */
const notInTheClone: readonly string[] = [".serverless/", ".rollcall-roster.json", "aws/dynamodb", "aws/ssm"];

const files = new Set(clonedFiles);
const folders = new Set(clonedFiles.flatMap(foldersOf));
const folderNames = new Set([...folders].map((folder) => posix.basename(folder)));

function foldersOf(path: string): string[] {
  const folder = posix.dirname(path);
  return folder === "." ? [] : [folder, ...foldersOf(folder)];
}

describe.each(documents)("$path", (document) => {
  it("links only to files and headings that exist", () => {
    const links = [...proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
    const relative = links.filter((target) => !/^[a-z]+:/.test(target));
    expect(relative.filter((target) => !isLinkable(target, document))).toEqual([]);
  });

  it("names only paths that exist", () => {
    const codes = [...proseOf(document).matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
    expect(codes.filter((code) => isPath(code) && !exists(code))).toEqual([]);
  });
});

it("every guard's test has its title in the file that the architecture names", () => {
  const architecture = readFileSync(`${root}/docs/architecture.md`, "utf8");
  const guards = architecture
    .slice(architecture.indexOf("## 3. Guards"))
    .split("\n")
    .flatMap((line) => {
      const [, file, title] = /^\| .* \| `src\/[^`]+` \| `(test\/[^`]+)` \| (.+) \|$/.exec(line) ?? [];
      return file === undefined || title === undefined ? [] : [{ file, title }];
    });
  const missing = guards.filter(
    ({ file, title }) => !files.has(file) || !titlesIn(file).includes(`"${title}"`),
  );
  expect(missing).toEqual([]);
  expect(guards.length).toBeGreaterThan(20);
});

function titlesIn(file: string): string {
  return readFileSync(`${root}/${file}`, "utf8");
}

function isLinkable(target: string, { path, text }: Document): boolean {
  const [file = "", anchor] = target.split("#");
  const linked = file === "" ? path : posix.join(posix.dirname(path), file);
  if (!isInTheClone(linked)) return false;
  if (anchor === undefined) return true;
  const linkedText = file === "" ? text : readFileSync(`${root}/${linked}`, "utf8");
  return anchorsOf(linkedText).includes(anchor);
}

/** As GitHub makes them: lower case, hyphens for spaces, nothing else but letters and figures. */
function anchorsOf(text: string): string[] {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** `src/cli/`, `policy.yml` or `dynamo/`, but neither `text/${x}` nor `<URL>bamboohr`. */
function isPath(code: string): boolean {
  return /^\.?[\w-]+(?:[./][\w-]+)*\/?$/.test(code) && (code.includes("/") || isFileName(code));
}

function isFileName(code: string): boolean {
  return /^\.?[\w.-]+\.(?:md|ya?ml|jsonl?|csv|ts|js|grit)$/.test(code);
}

function exists(code: string): boolean {
  if (notInTheClone.includes(code) || madeByCommands.has(code)) return true;
  const isName = code.indexOf("/") === code.length - 1;
  return isInTheClone(code) || (isName && folderNames.has(code.slice(0, -1)));
}

function isInTheClone(path: string): boolean {
  const plain = path.replace(/\/$/, "");
  return files.has(plain) || folders.has(plain);
}

/** Files that a document's own commands write. */
const madeByCommands: ReadonlySet<string> = new Set(
  documents
    .flatMap(commandsOf)
    .flatMap(({ command }) => [...command.matchAll(/ > ([\w.-]+)/g)].map(([, file = ""]) => file)),
);
