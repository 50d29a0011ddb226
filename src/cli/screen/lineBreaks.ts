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

/**
 * The same of a help text: its paragraphs are filled anew where the terminal is narrower than they were written. A line that begins
 * with a capital after the end of a sentence begins a paragraph.
 */
export function breakHelp(text: string, output: Output): string {
  const lines = text.split("\n");
  const isTooWide = lines.some((line) => lengthOf(line) > (output.columns || 80));
  if (output.isTTY !== true || !isTooWide) return text;
  const paragraphs: string[] = [];
  for (const line of lines) {
    const last = paragraphs.at(-1) ?? "";
    const isWritten =
      /^\S.{60}/.test(last) && /^\S/.test(line) && !(/[.:]$/.test(last) && /^[A-Z]/.test(line));
    if (isWritten) paragraphs[paragraphs.length - 1] = `${last} ${line}`;
    else paragraphs.push(line);
  }
  return paragraphs
    .flatMap((line) => breakLine(line, output.columns || 80, /^\S/.test(line) ? "" : "  "))
    .join("\n");
}

function breakLine(line: string, width: number, hanging = "  "): string[] {
  if (lengthOf(line) <= width) return [line];
  const [, told, advised] = saidBefore.exec(line) ?? [];
  // A command in a sentence has lines of its own.
  if (told !== undefined && advised !== undefined)
    return [...breakLine(told, width), ...breakLine(`${indentOf(line)}  ${advised}`, width)];
  const [, indent = "", command, remark] = commandLine.exec(line) ?? [];
  if (command === undefined)
    return fill(line.split(" "), { width, end: "", indent: `${indentOf(line)}${hanging}` });
  const words = command.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  return [
    ...fill([`${indent}${words[0]}`, ...words.slice(1)], {
      width: width - continued.length,
      end: continued,
      indent: `${indent}  `,
    }),
    ...(remark === undefined ? [] : [`${indent}  ${remark}`]),
  ];
}

/** A command to paste, and what is said about it after some space. */
const commandLine = /^(\s*)((?:npx )?rollcall \S.*?)(?:\s{3,}(\S.*))?$/;
/** A sentence that ends with a command. */
const saidBefore = /^(.*?\S:) ((?:npx )?rollcall \S.*)$/;
const continued = " \\";

/** Fills lines with words. All but the first are indented, and all but the last have the end. */
function fill(
  words: readonly string[],
  { width, end, indent }: { width: number; end: string; indent: string },
): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(word);
    else if (lengthOf(last) + 1 + lengthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else if (word !== "") lines.push(`${indent}${word}`);
  }
  return lines.map((text, index) => (index === lines.length - 1 ? text : `${text}${end}`));
}

function indentOf(line: string): string {
  return /^ */.exec(stripVTControlCharacters(line))?.[0] ?? "";
}

function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
