import { stripVTControlCharacters } from "node:util";

/** A stream that may be a terminal. */
interface Output {
  isTTY?: boolean;
  columns?: number;
}

/**
 * Breaks lines that are too long for the terminal between their words; what is not for a terminal stays as it is, one record a line. A
 * command stays one that can be pasted: its lines end with a backslash, and no text in quotes is broken.
 */
export function breakLines(lines: readonly string[], { isTTY, columns }: Output): string[] {
  const width = columns || 80;
  return isTTY === true ? lines.flatMap((line) => breakLine(line, width)) : [...lines];
}

/** The same of a text that has lines. */
export function breakText(text: string, output: Output): string {
  return breakLines(text.split("\n"), output).join("\n");
}

function breakLine(line: string, width: number): string[] {
  if (lengthOf(line) <= width) return [line];
  const [, told, advised] = saidBefore.exec(line) ?? [];
  // A command in a sentence has lines of its own.
  if (told !== undefined && advised !== undefined)
    return [...breakLine(told, width), ...breakLine(`${indentOf(line)}  ${advised}`, width)];
  const [, indent = "", command, remark] = commandLine.exec(line) ?? [];
  if (command === undefined) return fill(line.split(" "), indentOf(line), { width, end: "" });
  const words = command.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return [
    ...fill([`${indent}${words[0]}`, ...words.slice(1)], indent, {
      width: width - continued.length,
      end: continued,
    }),
    ...(remark === undefined ? [] : [`${indent}  ${remark}`]),
  ];
}

/** A command to paste, and what is said about it after some space. */
const commandLine = /^(\s*)((?:npx )?rollcall \S.*?)(?:\s{3,}(\S.*))?$/;
/** A sentence that ends with a command. */
const saidBefore = /^(.*?\S:) ((?:npx )?rollcall \S.*)$/;
const continued = " \\";

/** Fills lines with words. All but the first are indented more, and all but the last have the end. */
function fill(
  words: readonly string[],
  indent: string,
  { width, end }: { width: number; end: string },
): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (lengthOf(last) + 1 + lengthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else if (word !== "") lines.push(`${indent}  ${word}`);
  }
  return lines.map((text, index) => (index === lines.length - 1 ? text : `${text}${end}`));
}

function indentOf(line: string): string {
  return /^ */.exec(stripVTControlCharacters(line))?.[0] ?? "";
}

function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
