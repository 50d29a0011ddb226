/**
 * Replaces `${Name}` in the text of `Fn::Sub`. `${!Name}` stays as `${Name}`, which is how a template writes
 * the placeholder of another language.
 */
export function substitute(template: string, lookUp: (name: string) => string): string {
  return template.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) =>
    literal === "!" ? `\${${name}}` : lookUp(name.trim()),
  );
}
