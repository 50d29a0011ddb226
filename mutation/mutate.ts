import { mkdir, readFile, writeFile } from "node:fs/promises";
import { Stryker } from "@stryker-mutator/core";
import equivalents from "./equivalents.json" with { type: "json" };
import parts from "./files.json" with { type: "json" };

/**
 * Mutation testing: changes the files of `files.json` in one place at a time and tells which changes no test notices.
 * Arguments name the parts to run; without any, all of them run. Each part's survivors are printed and written to
 * `results/` as JSON. `equivalents.json` names mutants that behave like the original: they are only counted.
 */

type MutantResult = Awaited<ReturnType<Stryker["runMutationTest"]>>[number];

/** A mutant that no test noticed. Lines and columns may change; its texts stay the same when files are moved. */
interface Survivor {
  file: string;
  line: number;
  column: number;
  mutator: string;
  /** `NoCoverage`: no test of the part comes by. */
  status: string;
  /** The whole line on which the mutation begins. */
  source: string;
  original: string;
  replacement: string;
}

const results = new URL("results/", import.meta.url);

for (const part of chosenParts(process.argv.slice(2))) {
  const started = Date.now();
  // Which tests run is said by `vitest.config.ts`, and Stryker hands no options to it.
  process.env.MUTATION_PART = part;
  const mutants = await new Stryker({
    configFile: "mutation/stryker.config.json",
    mutate: parts[part].mutate,
  }).runMutationTest();
  const left = await findSurvivors(mutants);
  const survivors = left.filter((survivor) => !isEquivalent(survivor));
  const equivalent = left.length - survivors.length;
  const counts = countStatuses(mutants);
  const seconds = Math.round((Date.now() - started) / 1000);
  await mkdir(results, { recursive: true });
  const report = { part, seconds, mutants: mutants.length, counts, equivalent, survivors };
  await writeFile(new URL(`${part}.json`, results), `${JSON.stringify(report, undefined, 2)}\n`);
  process.stdout.write(`\n${survivors.map(survivorText).join("\n")}\n`);
  const summary = Object.entries(counts).map(([status, count]) => `${count} ${status}`);
  process.stdout.write(
    `${part}: ${survivors.length} survivors of ${mutants.length} mutants in ${seconds} s (${summary.join(", ")}; ${equivalent} equivalent)\n\n`,
  );
}

function chosenParts(names: readonly string[]): (keyof typeof parts)[] {
  const known = Object.keys(parts) as (keyof typeof parts)[];
  const unknown = names.filter((name) => !known.some((part) => part === name));
  if (unknown.length > 0)
    throw new Error(`expected parts of ${known.join(", ")}; got ${unknown.join(", ")}. See files.json.`);
  return names.length === 0 ? known : known.filter((part) => names.includes(part));
}

async function findSurvivors(mutants: readonly MutantResult[]): Promise<Survivor[]> {
  const left = mutants.filter(({ status }) => status === "Survived" || status === "NoCoverage");
  const files = new Set(left.map(({ fileName }) => fileName));
  const texts = new Map<string, string>();
  for (const file of files) texts.set(file, await readFile(file, "utf8"));
  return left
    .map((mutant) => toSurvivor(mutant, texts.get(mutant.fileName)?.split("\n") ?? []))
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
}

function toSurvivor(
  { fileName, location: { start, end }, mutatorName, replacement, status }: MutantResult,
  lines: readonly string[],
): Survivor {
  const covered = lines.slice(start.line - 1, end.line);
  const original = [...covered.slice(0, -1), covered.at(-1)?.slice(0, end.column - 1) ?? ""].join("\n");
  return {
    file: fileName.replace(`${process.cwd()}/`, ""),
    line: start.line,
    column: start.column,
    mutator: mutatorName,
    status,
    source: covered[0]?.trim() ?? "",
    original: original.slice(start.column - 1),
    replacement: replacement ?? "",
  };
}

/** By its texts, so that it is known still when its file was moved or renamed. */
function isEquivalent(survivor: Survivor): boolean {
  return equivalents.some(
    ({ source, original, replacement }) =>
      oneLine(source) === oneLine(survivor.source) &&
      oneLine(original) === oneLine(survivor.original) &&
      oneLine(replacement) === oneLine(survivor.replacement),
  );
}

function countStatuses(mutants: readonly MutantResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of mutants) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function survivorText({ file, line, mutator, status, source, original, replacement }: Survivor): string {
  const why = status === "NoCoverage" ? " (no test comes by)" : "";
  return `${file}:${line}  ${mutator}${why}\n    ${source}\n  - ${oneLine(original)}\n  + ${oneLine(replacement)}`;
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}
