import type { Problem } from "./problem.ts";

/** As much as a dead letter's attribute and a line of a log should carry, with room for what is said around it. */
const maxCharacters = 1000;

/** The problems as one text: as many of them, whole, as there is room for, and how many more there are. */
export function describeProblems(problems: readonly Problem[]): string {
  const texts = problems.map(({ path, message }) => `${path}: ${message}`);
  const told: string[] = [];
  let room = maxCharacters;
  for (const text of texts) {
    room -= text.length + separator.length;
    if (room < 0) break;
    told.push(text);
  }
  const left = texts.length - told.length;
  return [...told, ...(left > 0 ? [`and ${left} more`] : [])].join(separator);
}

const separator = "; ";
