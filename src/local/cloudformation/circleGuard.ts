import { type Place, TemplateError } from "./templateError.ts";

type CircleGuard = <Value>(name: string, place: Place, lookUp: () => Value) => Value;

/** Runs look-ups that may need one another, and throws a TemplateError where one would need itself. */
export function circleGuard(): CircleGuard {
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
