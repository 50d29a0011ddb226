import * as z from "zod";

/** Far more than a webhook's changed fields, an event's targets or a person's terminations ever are. */
const most = 1000;

/**
 * A list from outside. Its length is checked before its elements: of a hostile list every wrong element would become an issue
 * of its own, with a message (https://github.com/advisories/GHSA-mrhx-c7xc-m3w5).
 */
export const boundedList = <T extends z.ZodType>(element: T) => z.array(element).max(most);
