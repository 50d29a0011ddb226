// @ts-check
/**
 * What the child prints on both streams when it has loaded and after each invocation, followed by "init"
 * or the request id. It starts with NUL, which no text that a handler logs contains.
 */
export const endOfOutput = "\u0000end of output: ";
