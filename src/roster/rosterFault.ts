/** A roster that cannot be trusted as a whole; the message says where and what was expected. Nothing may come of it. */
export class RosterFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "RosterFault";
  }
}
