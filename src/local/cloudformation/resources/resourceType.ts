import type { QueuePolicy } from "../policy/queuePolicy.ts";
import type {
  BusModel,
  FunctionModel,
  MappingModel,
  QueueModel,
  RuleModel,
  TableModel,
} from "../stackModel.ts";
import type { TemplateContext } from "../templateContext.ts";
import type { Place } from "../templateError.ts";

/** What one resource adds to the model. */
export type ModelPart =
  | { kind: "queue"; queue: QueueModel }
  | { kind: "queuePolicy"; queueUrls: readonly string[]; policy: QueuePolicy; place: Place }
  | { kind: "bus"; bus: BusModel }
  | { kind: "rule"; rule: RuleModel }
  | { kind: "function"; function: FunctionModel }
  | { kind: "functionUrl"; functionArn: string; authType: "NONE" | "AWS_IAM"; place: Place }
  | { kind: "mapping"; mapping: MappingModel }
  | { kind: "table"; table: TableModel };

/** One resource of the template, as its type's reader sees it. */
export interface ResourceView {
  logicalId: string;
  place: Place;
  context: TemplateContext;
  /** One property, resolved; the others are not looked at. */
  property: (name: string) => unknown;
  /** All properties, resolved, but those named: `Tags`, or `Code.S3Bucket` for one inside another. */
  propertiesBut: (ignored: readonly string[]) => unknown;
}

/** How the embedded stack understands one type of resource. */
export interface ResourceType {
  /** What `Ref` gives; absent where nothing that is modelled could want it. */
  ref?: (resource: ResourceView) => string;
  /** What `Fn::GetAtt` gives, by attribute. */
  attributes: Readonly<Record<string, (resource: ResourceView) => string>>;
  read: (resource: ResourceView) => ModelPart;
}

/**
 * The name in that property or, without one, a name like the one that CloudFormation makes up. AWS appends random
 * characters to it; here it stays the same from run to run.
 */
export function physicalName(resource: ResourceView, property: string): string {
  const name = resource.property(property);
  return typeof name === "string" ? name : `${resource.context.stackName}-${resource.logicalId}`;
}
