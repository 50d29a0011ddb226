import * as z from "zod";
import { type Question, type Reading, unusable } from "../reading.ts";
import { apiFieldNames, type BambooHrSettings } from "./bambooHrSettings.ts";
import { concludeEmployee } from "./concludeEmployee.ts";
import { type Employee, valueFinder } from "./employee.ts";

/** What a message says of an employee that tells no fields. */
export type NamedEmployee = Omit<Employee, "valueOf">;

type Api = NonNullable<BambooHrSettings["api"]>;

/** An id becomes part of an address. */
export const employeeId = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^[\w-]{1,64}$/));

const answered = z.record(z.string(), z.unknown());

/** Asks BambooHR for the fields of an employee of whom a message told no more than the id. */
export function lookUpEmployee(employee: NamedEmployee, api: Api, settings: BambooHrSettings): Reading {
  return {
    kind: "lookUp",
    question: questionFor(employee.id, api),
    conclude: (answer) => {
      const fields = answered.safeParse(answer);
      if (!fields.success) return unusable("BambooHR's answer is no object");
      // The API's names are its own: those that an administrator gives are for what a webhook sends.
      return concludeEmployee({ ...employee, valueOf: valueFinder(fields.data, apiFieldNames) }, settings);
    },
  };
}

/** https://documentation.bamboohr.com/reference/get-employee */
function questionFor(id: string, { url, key }: Api): Question {
  const fields = "status,workEmail,jobTitle,hireDate,terminationDate,location";
  return {
    method: "GET",
    url: `${url}/api/v1/employees/${id}?fields=${fields}`,
    headers: { accept: "application/json", authorization: `Basic ${btoa(`${key}:x`)}` },
  };
}
