import { durationText } from "../ledger/durationText.ts";
import { countPeople } from "../terminal.ts";
import type { LimitsReport } from "./toSafeguardReport.ts";

type OnReport = Extract<LimitsReport, { state: "on" }>;

/** `12 of 500 in the last 60 min`, or without a count of users `12 in the last 60 min`. */
export function windowText({ passed, limit, windowMinutes }: OnReport): string {
  const most = limit === null ? "" : ` of ${limit.toLocaleString("en")}`;
  return `${passed.people.toLocaleString("en")}${most} suspended in the last ${durationText(windowMinutes * 60)}`;
}

/** Where the limit comes from. @param now milliseconds since the epoch */
export function limitText({ atLeast, percent, activeUsers }: OnReport, now: number): string {
  const least = countPeople(atLeast);
  if (percent === 0) return `${least}, however many users there are`;
  if (activeUsers === null)
    return `${least}, or ${percent} % of the active users, who are counted when more are to be suspended`;
  const age = durationText(Math.max(0, now - Date.parse(activeUsers.countedAt)) / 1000);
  return `${percent} % of ${activeUsers.count.toLocaleString("en")} active users (counted ${age} ago), at least ${least}`;
}
