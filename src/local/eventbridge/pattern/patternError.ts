/** An event pattern that EventBridge would refuse (InvalidEventPatternException), with the place in it. */
export class PatternError extends Error {
  override readonly name = "PatternError";
  readonly path: string;

  constructor(path: readonly string[], expected: string, came: unknown) {
    const place = path.length === 0 ? "(the pattern itself)" : path.join(".");
    super(
      `Invalid event pattern at ${place}: expected ${expected}, got ${JSON.stringify(came) ?? "nothing"}.`,
    );
    this.path = place;
  }
}
