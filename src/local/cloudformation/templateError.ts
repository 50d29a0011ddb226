/** Where something stands in a template: the logical id first, then the keys down to it. */
export type Place = readonly string[];

/** A template that CloudFormation would refuse, or that asks for what the embedded stack does not have. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly place: string;

  constructor(place: Place, problem: string) {
    super(`${place.join(".")}: ${problem}`);
    this.place = place.join(".");
  }
}

/** A reference to a resource of a type that is not modelled. */
export class NotModelledError extends TemplateError {
  constructor(place: Place, reference: string, type: string, known: readonly string[]) {
    super(
      place,
      `${reference} needs ${type}, which the embedded stack does not model. It models ${known.join(", ")}.`,
    );
  }
}
