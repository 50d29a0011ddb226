/** `undefined` for text that is not JSON: the parser's own message quotes the text, which may be personal. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
