/** A page of a list, and the token of the next one if there is more. */
export interface Page<Item> {
  items: Item[];
  nextToken: string | undefined;
}

/** The token does not belong to this list. */
export const foreignToken = Symbol("foreign token");

/**
 * Takes up to `size` fitting items, from the place that `token` names. Time goes with the page, not with the
 * list: only what is skipped costs extra. `list` names the list and its filter, because a token is good for
 * the list that issued it and no other.
 */
export function takePage<Item>(
  all: readonly (Item | undefined)[],
  request: { list: string; size: number; token: string | undefined; fits: (item: Item) => boolean },
): Page<Item> | typeof foreignToken {
  const start = request.token === undefined ? 0 : placeOf(request.token, request.list);
  if (start === undefined) return foreignToken;
  const items: Item[] = [];
  for (let place = start; place < all.length; place += 1) {
    const item = all[place];
    if (item === undefined || !request.fits(item)) continue;
    // A token only where another item is sure to follow, so that nobody pays a call for an empty last page.
    if (items.length === request.size) return { items, nextToken: tokenOf(place, request.list) };
    items.push(item);
  }
  return { items, nextToken: undefined };
}

function tokenOf(place: number, list: string): string {
  return Buffer.from(`${place} ${list}`).toString("base64url");
}

function placeOf(token: string, list: string): number | undefined {
  const [, place, issuer] = /^(\d{1,9}) (.*)$/s.exec(Buffer.from(token, "base64url").toString()) ?? [];
  return place === undefined || issuer !== list ? undefined : Number(place);
}
