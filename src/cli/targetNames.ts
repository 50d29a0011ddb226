/** The names of a stage's resources that a command may need. */
export type ResourceName = "table" | "stack" | "bus";

/** The names that one place gives: the command line, the environment, or the file. */
export interface GivenNames {
  stage?: string | undefined;
  table?: string | undefined;
  stack?: string | undefined;
  bus?: string | undefined;
}

export interface TargetNames {
  /** Left out where the names are not those of one stage. */
  stage?: string;
  table?: string;
  stack?: string;
  bus?: string;
  /** Nobody named a stage, so that it is the default. */
  isDefault: boolean;
}

export type NamedTarget = { kind: "named"; names: TargetNames } | { kind: "unnamed"; message: string };

const nameOf: Record<ResourceName, (stage: string) => string> = {
  table: (stage) => `rollcall-${stage}-ledger`,
  stack: (stage) => `rollcall-${stage}`,
  bus: (stage) => `rollcall-${stage}`,
};

export const stagePattern = /^[A-Za-z\d][A-Za-z\d-]{0,43}$/;
const defaultStage = "dev";

/**
 * Names what a command works on. The places are asked in their order, so that a stage on the command line beats a table that
 * the environment names; within one place a resource's own name beats its stage. Only where no place names anything the stage
 * is the default. A table of another form says nothing about the stack, and nothing is guessed then.
 */
export function nameTarget(places: readonly GivenNames[], needed: readonly ResourceName[]): NamedTarget {
  const names: Partial<Record<ResourceName, string>> = {};
  for (const resource of needed) {
    const given = places.map((place) => nameIn(place, resource)).find((name) => name !== undefined);
    if (given === undefined && places.some(namesAnything)) return unnamed(resource);
    names[resource] = given ?? nameOf[resource](defaultStage);
  }
  const stages = new Set(needed.map((resource) => stageOfName(resource, names[resource])));
  const [stage] = stages;
  return {
    kind: "named",
    names: {
      ...(stages.size === 1 && stage !== undefined && { stage }),
      ...names,
      isDefault: !places.some(namesAnything),
    },
  };
}

function nameIn(place: GivenNames, resource: ResourceName): string | undefined {
  const stage = place.stage ?? stageIn(place);
  return place[resource] ?? (stage === undefined ? undefined : nameOf[resource](stage));
}

/** The stage of the names that one place gives, if they are those of one stage. */
function stageIn(place: GivenNames): string | undefined {
  const stages = resources.flatMap((resource) => stageOfName(resource, place[resource]) ?? []);
  return new Set(stages).size === 1 ? stages[0] : undefined;
}

const resources = ["table", "stack", "bus"] as const;

function namesAnything({ stage, table, stack, bus }: GivenNames): boolean {
  return [stage, table, stack, bus].some((name) => name !== undefined);
}

/** `undefined` for a name that no stage gives. */
function stageOfName(resource: ResourceName, name: string | undefined): string | undefined {
  const [, stage] =
    /^rollcall-(.+)$/.exec(resource === "table" ? (name ?? "").replace(/-ledger$/, "") : (name ?? "")) ?? [];
  return stage !== undefined && stagePattern.test(stage) && nameOf[resource](stage) === name
    ? stage
    : undefined;
}

const wanted: Record<ResourceName, string> = { table: "ledger", stack: "stack", bus: "event bus" };

function unnamed(resource: ResourceName): NamedTarget {
  return {
    kind: "unnamed",
    message: `something else of the target is named, but not its ${wanted[resource]}; add --${resource}, or --stage for all of them`,
  };
}
