import type { Place } from "../templateError.ts";

/** What intrinsic functions may ask for. Each throws a TemplateError at that place if there is no answer. */
export interface Scope {
  /** The value of `Ref`: of a resource, a parameter or a pseudo parameter. */
  reference: (logicalId: string, place: Place) => unknown;
  /** The value of `Fn::GetAtt`. */
  attribute: (logicalId: string, attribute: string, place: Place) => unknown;
  /** Whether a condition of the template holds. */
  condition: (name: string, place: Place) => boolean;
}

/** `AWS::NoValue`: the property or list element that it stands for is not there. */
export const noValue = Symbol("AWS::NoValue");
