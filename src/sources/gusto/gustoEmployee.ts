import * as z from "zod";
import { boundedList } from "../../events/boundedList.ts";
import type { Question } from "../reading.ts";
import type { GustoSettings } from "./gustoSettings.ts";

const employee = z.object({
  // Never `email`, which is a private one.
  work_email: z.string().nullish(),
  terminated: z.boolean().nullish(),
  terminations: boundedList(
    z.object({ effective_date: z.string(), active: z.boolean().optional() }),
  ).nullish(),
});

export interface GustoEmployee {
  email: string | undefined;
  /** The last day of work; `undefined` if this employment has no end. */
  lastDay: string | undefined;
}

/** https://docs.gusto.com/app-integrations/reference/get-v1-employees */
export function employeeQuestion(uuid: string, { url, token }: GustoSettings["api"]): Question {
  return {
    method: "GET",
    url: `${url}/v1/employees/${uuid}`,
    headers: { accept: "application/json", authorization: `Bearer ${token}` },
  };
}

export function readEmployee(answer: unknown): GustoEmployee | undefined {
  const { data } = employee.safeParse(answer);
  if (data === undefined) return undefined;
  return { email: data.work_email?.trim() || undefined, lastDay: lastDayOf(data) };
}

/**
 * The latest, because each earlier employment has an end too. One that is `active` has gone into effect, so of somebody who
 * is not terminated it is the end of an earlier employment.
 */
function lastDayOf({ terminated, terminations }: z.output<typeof employee>): string | undefined {
  const [latest] = (terminations ?? []).toSorted((one, other) =>
    one.effective_date < other.effective_date ? 1 : -1,
  );
  const isOver = latest?.active === true && terminated === false;
  return isOver ? undefined : latest?.effective_date;
}
