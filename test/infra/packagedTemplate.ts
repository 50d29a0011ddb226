import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import * as z from "zod";

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      DeletionPolicy: z.string().optional(),
      UpdateReplacePolicy: z.string().optional(),
      Properties: z.record(z.string(), z.json()).default({}),
    }),
  ),
});

type Json = z.output<ReturnType<typeof z.json>>;

export type Resource = z.output<typeof templateSchema>["Resources"][string];

/** The folder that `serverless package` wrote into. */
export const packageFolder = inject("packagedService");

/**
 * The resources of the template that would be deployed, by logical id. Intrinsics are written as CloudFormation's
 * own `${…}`, so that what a test compares reads as text: `{"Fn::GetAtt": ["Queue", "Arn"]}` is `${Queue.Arn}`.
 */
export const resources = readResources(packageFolder);

/** The resources of the template in a folder that `serverless package` wrote into. */
export function readResources(folder: string): Record<string, Resource> {
  return Object.fromEntries(
    Object.entries(readTemplate(folder).Resources).map(([id, resource]) => [
      id,
      { ...resource, Properties: mapValues(resource.Properties, toText) },
    ]),
  );
}

/** How a reference to a resource reads in `resources`. */
export const idOf = (logicalId: string) => `\${${logicalId}}`;
export const arnOf = (logicalId: string) => `\${${logicalId}.Arn}`;

/** The properties of one resource; none if the template does not have it. */
export function properties(logicalId: string): Resource["Properties"] | undefined {
  return resources[logicalId]?.Properties;
}

/**
 * The resources of a type, such as `AWS::SQS::Queue`, with their logical ids. Throws if there is none, so that no test
 * passes on an empty list.
 */
export function resourcesOf(type: string) {
  const found = Object.entries(resources).flatMap(([id, { Type, Properties }]) =>
    Type === type ? [{ id, properties: Properties }] : [],
  );
  if (found.length === 0) throw new Error(`The packaged template has no ${type}.`);
  return found;
}

function readTemplate(folder: string) {
  const file = join(folder, "cloudformation-template-update-stack.json");
  return templateSchema.parse(JSON.parse(readFileSync(file, "utf8")));
}

function toText(value: Json): Json {
  if (Array.isArray(value)) return value.map(toText);
  if (typeof value !== "object" || value === null) return value;
  const plain = mapValues(value, toText);
  if (typeof plain.Ref === "string") return `\${${plain.Ref}}`;
  if (Array.isArray(plain["Fn::GetAtt"])) return `\${${plain["Fn::GetAtt"].join(".")}}`;
  if (Array.isArray(plain["Fn::Join"])) return joined(plain["Fn::Join"]);
  return plain["Fn::Sub"] ?? plain;
}

function joined([separator, parts]: Json[]): Json {
  return Array.isArray(parts) ? parts.join(String(separator)) : "";
}

function mapValues(record: Record<string, Json>, map: (value: Json) => Json): Record<string, Json> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
