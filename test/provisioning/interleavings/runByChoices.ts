import { isAllDone } from "./agenda.ts";
import { type Kind, kindsOfOptions, type Option } from "./options.ts";
import { quiet } from "./quiet.ts";
import { choiceEnd } from "./scenario.ts";
import type { World } from "./world.ts";

/** Lets happen what the scenario chooses, faults included, until its choices are used up. */
export async function runByChoices(world: World): Promise<void> {
  for (const choice of world.scenario.choices) {
    if (isAllDone(world)) return;
    await pick(kindsOfOptions(world), choice)?.happen();
    await quiet();
  }
}

/** The choice is a point on the line along which all options lie, each as long as it is likely. */
function pick(kinds: readonly Kind[], choice: number): Option | undefined {
  const line = kinds.flatMap(({ share, options }) => {
    const total = options.reduce((sum, { weight }) => sum + weight, 0);
    return options.map((option) => ({ option, length: (share * option.weight) / total }));
  });
  let rest = (choice / choiceEnd) * line.reduce((sum, { length }) => sum + length, 0);
  const chosen = line.find(({ length }) => {
    rest -= length;
    return rest < 0;
  });
  return chosen?.option;
}
