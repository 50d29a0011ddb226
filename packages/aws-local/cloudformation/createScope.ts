import { isJsonObject, type JsonObject } from "../json.ts";
import { evaluateCondition, noValue, resolveValue, type Scope } from "./intrinsics.ts";
import type { ResourceView } from "./resourceType.ts";
import { resourceTypeOf, resourceTypes } from "./supportedResources.ts";
import {
  NotModelledError,
  type Place,
  pseudoParameter,
  type Template,
  type TemplateContext,
  TemplateError,
  type TemplateResource,
} from "./templateDocument.ts";

export interface TemplateScope extends Scope {
  /** Resolves a resource's properties on demand, because references may point anywhere, in any order. */
  view: (logicalId: string, resource: TemplateResource) => ResourceView;
}

/** Creates the scope that resolves a template's references and conditions. */
export function createScope(template: Template, context: TemplateContext): TemplateScope {
  const guard = circleGuard();

  const scope: TemplateScope = {
    reference: (logicalId, place) => {
      if (logicalId === "AWS::NoValue") return noValue;
      const given = pseudoParameter(logicalId, context) ?? parameter(logicalId, template, context, place);
      if (given !== undefined) return given;

      const name = `Ref ${logicalId}`;
      const { type, resource } = find(template, logicalId, name, place);
      const { ref } = type;
      if (ref === undefined) throw new TemplateError(place, `Ref of ${resource.Type} is not modelled.`);
      return guard(name, place, () => ref(scope.view(logicalId, resource)));
    },

    attribute: (logicalId, attribute, place) => {
      const name = `Fn::GetAtt ${logicalId}.${attribute}`;
      const { type, resource } = find(template, logicalId, name, place);
      const read = Object.hasOwn(type.attributes, attribute) ? type.attributes[attribute] : undefined;
      if (read !== undefined) return guard(name, place, () => read(scope.view(logicalId, resource)));
      const known = Object.keys(type.attributes).join(", ") || "none";
      throw new TemplateError(
        place,
        `${name}: the attributes of ${resource.Type} that are known are ${known}.`,
      );
    },

    condition: (name, place) => {
      const expression = Object.hasOwn(template.Conditions, name) ? template.Conditions[name] : undefined;
      if (expression === undefined) throw new TemplateError(place, `no condition is named ${name}.`);
      const inside = ["Conditions", name];
      return guard(`Condition ${name}`, place, () => evaluateCondition(expression, inside, scope));
    },

    view: (logicalId, resource) => viewOf(logicalId, resource, { context, scope }),
  };
  return scope;
}

function viewOf(
  logicalId: string,
  { Properties }: TemplateResource,
  { context, scope }: { context: TemplateContext; scope: Scope },
): ResourceView {
  const inside = [logicalId, "Properties"];
  return {
    logicalId,
    place: [logicalId],
    context,
    property: (name) => {
      const value = resolveValue(Properties[name], [...inside, name], scope);
      return value === noValue ? undefined : value;
    },
    propertiesBut: (ignored) => resolveValue(withoutPaths(Properties, ignored), inside, scope),
  };
}

function parameter(name: string, template: Template, context: TemplateContext, place: Place): unknown {
  if (!Object.hasOwn(template.Parameters, name)) return undefined;
  const value = context.parameters?.[name] ?? template.Parameters[name]?.Default;
  if (value !== undefined) return value;
  throw new TemplateError(place, `the parameter ${name} has no default; pass a value for it.`);
}

function find(template: Template, logicalId: string, reference: string, place: Place) {
  const resource = Object.hasOwn(template.Resources, logicalId) ? template.Resources[logicalId] : undefined;
  if (resource === undefined) {
    throw new TemplateError(place, `${reference} names no resource or parameter of the template.`);
  }
  const type = resourceTypeOf(resource.Type);
  if (type === undefined) {
    throw new NotModelledError(place, reference, resource.Type, Object.keys(resourceTypes));
  }
  return { type, resource };
}

type CircleGuard = <Value>(name: string, place: Place, lookUp: () => Value) => Value;

/** Runs look-ups that may depend on each other, and throws a TemplateError if one depends on itself. */
function circleGuard(): CircleGuard {
  const underWay = new Set<string>();
  return (name, place, lookUp) => {
    if (underWay.has(name)) throw new TemplateError(place, `${name} depends on itself.`);
    underWay.add(name);
    try {
      return lookUp();
    } finally {
      underWay.delete(name);
    }
  };
}

/** Copies an object without the values at those paths, such as `Tags`, or `Code.S3Bucket` one level down. */
function withoutPaths(object: JsonObject, paths: readonly string[]): Record<string, unknown> {
  const entries = Object.entries(object).flatMap(([key, value]) => {
    if (paths.includes(key)) return [];
    const inner = paths.flatMap((path) => (path.startsWith(`${key}.`) ? [path.slice(key.length + 1)] : []));
    return [[key, isJsonObject(value) && inner.length > 0 ? withoutPaths(value, inner) : value] as const];
  });
  return Object.fromEntries(entries);
}
