import { pipelineNames } from "../../pipelineSettings.ts";
import type { DirectoryAbilities } from "../settings/inspectDirectories.ts";
import { countPeople } from "./plainWords.ts";

/** What a directory can do, in sentences. */
export function abilityTexts({
  operations,
  peoplePerCall,
  suspension,
  licenses,
}: DirectoryAbilities): string[] {
  const texts = pipelineNames.flatMap((intent) =>
    operations[intent].length === 0
      ? [`${intent}: nothing`]
      : [`${intent}: ${operations[intent].join(" or ")}`],
  );
  const sizes = Object.entries(peoplePerCall).map(
    ([operation, people]) => `${operation} ${countPeople(people)}`,
  );
  return [
    `It can ${texts.join("; ")}.`,
    ...(sizes.length === 0 ? [] : [`A call carries: ${sizes.join(", ")}.`]),
    suspension === "deletes"
      ? "A suspension deletes the user, and whoever returns is a new one."
      : "A suspension keeps the user.",
    `Licenses: ${licensesText(licenses)}.`,
  ];
}

function licensesText(licenses: DirectoryAbilities["licenses"]): string {
  if (licenses === "none") return "none";
  return licenses === "unknown" ? "any, it does not say which" : licenses.join(", ") || "none";
}
