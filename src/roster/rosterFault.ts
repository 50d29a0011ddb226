interface RosterFaultOptions extends ErrorOptions {
  /** What the roster itself says, for whoever has it before them: it may be of people, so no log may have it. */
  details?: string;
}

/**
 * A roster that cannot be trusted as a whole; the message says where and what was expected, and holds no value of the
 * roster. Nothing may come of it.
 */
export class RosterFault extends Error {
  readonly details: string | undefined;

  constructor(message: string, { details, ...options }: RosterFaultOptions = {}) {
    super(message, options);
    this.name = "RosterFault";
    this.details = details;
  }
}
