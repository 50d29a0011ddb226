import type { Policy } from "../policy/policy.ts";

/**
 * What esbuild puts in place of variables of the environment, as `define` of `serverless.yml`: so that a bundle has no code for
 * directories that no account of the policy has.
 *
 * @param withScim for the embedded stack, whose policy is replaced after the packaging
 */
export function packagedConstants(
  { accounts }: Pick<Policy, "accounts">,
  { withScim }: { withScim: boolean },
): Record<string, string> {
  const isWithout = !withScim && accounts.every(({ directory }) => directory === undefined);
  return { "process.env.PACKAGED_WITHOUT_SCIM": JSON.stringify(String(isWithout)) };
}
