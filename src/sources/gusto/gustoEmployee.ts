import * as z from "zod";
import type { Question } from "../reading.ts";
import type { GustoSettings } from "./gustoSettings.ts";

const employee = z.object({
  // Never `email`, which is a private one.
  work_email: z.string().nullish(),
  terminations: z.array(z.object({ effective_date: z.string(), active: z.boolean().optional() })).nullish(),
});

export interface GustoEmployee {
  email: string | undefined;
  /** The last day of work; `undefined` if no end is planned. */
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
  const terminations = (data.terminations ?? []).toSorted((one, other) =>
    one.effective_date < other.effective_date ? 1 : -1,
  );
  // An earlier employment has an end too.
  const current = terminations.find(({ active }) => active === true) ?? terminations[0];
  return { email: data.work_email?.trim() || undefined, lastDay: current?.effective_date };
}
