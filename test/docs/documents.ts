import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Document {
  /** From the repository's root, such as `docs/deploy.md`. */
  path: string;
  text: string;
}

/** README.md, CONTRIBUTING.md, SECURITY.md and the manuals in `docs/`. */
export const documents: readonly Document[] = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync(`${root}/docs`)
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
].map((path) => ({ path, text: readFileSync(`${root}/${path}`, "utf8") }));

/** What a fresh clone has: files that git tracks, or would track at the next commit. */
export const clonedFiles: readonly string[] = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard"],
  { cwd: root, encoding: "utf8", maxBuffer: 16 * 1024 * 1024 },
)
  .split("\n")
  .filter((path) => path !== "");

/** Without its code blocks, which hold no links and no headings. */
export function proseOf({ text }: Document): string {
  return text.replaceAll(/^```.*?^```$/gms, "");
}

/** A command as a document shows it: with its here-document, if it has one, and the words of its comment. */
export interface ShownCommand {
  command: string;
  comment: string;
}

/** The commands in a document's `sh` blocks, in their order; those joined by `&&` one by one. */
export function commandsOf({ text }: Document): ShownCommand[] {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);
  return blocks.flatMap((block) => statementsOf(block.split("\n"))).flatMap(splitStatement);
}

function statementsOf(lines: readonly string[]): string[] {
  const statements: string[] = [];
  let hereEnd: string | undefined;
  for (const line of lines) {
    if (hereEnd !== undefined) {
      statements.push(`${statements.pop()}\n${line}`);
      if (line === hereEnd) hereEnd = undefined;
    } else if (line.trim() !== "" && !line.startsWith("#")) {
      statements.push(line);
      hereEnd = /<<'(\w+)'$/.exec(line)?.[1];
    }
  }
  return statements;
}

function splitStatement(statement: string): ShownCommand[] {
  if (statement.includes("\n")) return [{ command: statement, comment: "" }];
  const [, code = "", comment = ""] = /^(.*?)(?:\s+#\s+(.*))?$/.exec(statement) ?? [];
  return code.split(" && ").map((command) => ({ command: command.trim(), comment }));
}

/** The words of a simple command, as the shell takes them apart. */
export function wordsOf(command: string): string[] {
  const words = [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)];
  return words.map(([word]) => word.replaceAll(/["']/g, ""));
}
