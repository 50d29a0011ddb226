import { countOf } from "../terminal.ts";
import { rejectedOf, type Tally, totalOf } from "./tally.ts";

export type PublishSummary = { tally: Tally } & (
  | { kind: "dryRun" }
  | { kind: "published"; bus: string; seconds: number; rejectedPath: string }
);

/** What a person wants to know at the end; the first line is the headline. */
export function summaryLines(summary: PublishSummary): string[] {
  const { tally } = summary;
  const events = countOf(totalOf(tally), "event");
  const { accepted, valid, ...rejected } = tally.counts;
  const kinds = Object.entries(rejected).filter(([, n]) => n > 0);
  const notAccepted = kinds.map(([status, n]) => `${n.toLocaleString("en")} ${status}`).join(", ");
  switch (summary.kind) {
    case "dryRun": {
      const headline = `${valid.toLocaleString("en")} of ${events} may be sent. Nothing was.`;
      return notAccepted === "" ? [headline] : [headline, `Not acceptable: ${notAccepted}.`];
    }
    case "published": {
      const { bus, seconds, rejectedPath } = summary;
      const headline = `${accepted.toLocaleString("en")} of ${events} published to ${bus} in ${seconds} s.`;
      if (notAccepted === "") return [headline];
      const advice = `They lie in ${rejectedPath}: mend them and publish that file.`;
      return [headline, `Not accepted: ${notAccepted}.`, advice];
    }
  }
}

/** The same for programs. `rejected` holds the first 1,000; `rejectedNotListed` counts the others. */
export function summaryObject(summary: PublishSummary): Record<string, unknown> {
  const { tally } = summary;
  const { accepted, valid, unsent, ...faulty } = tally.counts;
  const listing = {
    rejected: tally.rejections,
    rejectedNotListed: rejectedOf(tally) - tally.rejections.length,
  };
  switch (summary.kind) {
    case "dryRun":
      return { events: totalOf(tally), valid, ...faulty, ...listing };
    case "published": {
      const { bus, seconds, rejectedPath } = summary;
      const rejectedFile = rejectedOf(tally) === 0 ? null : rejectedPath;
      return { events: totalOf(tally), accepted, ...faulty, unsent, bus, seconds, rejectedFile, ...listing };
    }
  }
}
