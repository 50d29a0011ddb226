/**
 * What a run must not do. `regression`: an older decision took effect after a newer one. `twice`: one did so again.
 * `lost`: one did not come to its end. `wrong`: the directory or the journal shows another one than the newest.
 * `stuck`: messages go round without an end. `defect`: an invocation threw.
 */
export interface Violation {
  kind: "regression" | "twice" | "lost" | "wrong" | "stuck" | "defect";
  text: string;
}
