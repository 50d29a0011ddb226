/** The id that HR gave an event, from its `detail` or from a whole message; `undefined` where there is none. */
export function eventIdOf(detail: unknown): string | undefined {
  const id = member(member(detail, "metadata"), "id");
  return typeof id === "string" ? id : undefined;
}

/** The same for the body of a message, in which EventBridge delivers an event. */
export function eventIdOfBody(body: string): string | undefined {
  return eventIdOf(member(JSON.parse(body), "detail"));
}

function member(holder: unknown, name: string): unknown {
  return typeof holder === "object" && holder !== null ? Reflect.get(holder, name) : undefined;
}
