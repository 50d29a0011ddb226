import type { SourceEventEnd } from "../publishSourceEvents.ts";
import type { VendorName } from "./vendorNames.ts";

/** What is answered to a call, and what the log says of it. Nothing here names a person. */
export interface Received {
  status: 200 | 401 | 404 | 405 | 413 | 422 | 503;
  vendor?: VendorName;
  /** For the log only: whoever calls is told the status. */
  why: string;
  /** Ids of the events that the bus has. */
  published: readonly string[];
  /** Messages that should have become events and did not. */
  notPublished: readonly { id?: string; why: string }[];
}

/** How one part of a webhook ended. */
export type End = SourceEventEnd | { kind: "nothing" | "unusable" | "failed"; why: string };

const empty = { published: [], notPublished: [] };

export const received = {
  tooLarge: (): Received => ({ ...empty, status: 413, why: "the body is too large" }),
  notFound: (why: string, vendor?: VendorName): Received => ({
    ...empty,
    status: 404,
    why,
    ...(vendor && { vendor }),
  }),
  wrongMethod: (vendor: VendorName): Received => ({ ...empty, status: 405, vendor, why: "not a POST" }),
  ping: (vendor: VendorName): Received => ({ ...empty, status: 200, vendor, why: "a ping" }),
  token: (vendor: VendorName): Received => ({
    ...empty,
    status: 200,
    vendor,
    why: "the verification token is kept as a parameter",
  }),
  unauthorized: (vendor: VendorName, why: string): Received => ({ ...empty, status: 401, vendor, why }),
  /** Worth another try of the vendor's, because the event is not lost while somebody mends it. */
  misconfigured: (vendor: VendorName, problems: string): Received => ({
    status: 503,
    vendor,
    why: "the vendor's parameter is wrong",
    published: [],
    notPublished: [{ why: problems }],
  }),
  taken,
};

/** 200 only if nothing is left to be done: what may pass later outweighs what never will. */
function taken(vendor: VendorName, ends: readonly End[]): Received {
  const kinds = new Set(ends.map(({ kind }) => kind));
  const failed = { status: 503, why: "not all could be published; it comes again" } as const;
  const unusable = { status: 422, why: "not all could be made events of" } as const;
  const done = { status: 200, why: sumUp(ends) } as const;
  return {
    ...(kinds.has("failed") ? failed : kinds.has("unusable") ? unusable : done),
    vendor,
    published: ends.flatMap((end) => (end.kind === "accepted" ? [end.id] : [])),
    notPublished: ends.flatMap((end) =>
      end.kind === "failed" || end.kind === "unusable"
        ? [{ why: end.why, ...("id" in end && { id: end.id }) }]
        : [],
    ),
  };
}

function sumUp(ends: readonly End[]): string {
  const reasons = ends.flatMap((end) => (end.kind === "nothing" ? [end.why] : []));
  return reasons.length === 0 ? "published" : [...new Set(reasons)].join("; ");
}
