import * as z from "zod";
import { policyObject } from "./policyObject.ts";

/** The services that speak SCIM of which something is known, by the names that a policy gives them; `generic` is any other. */
const scimProfileNames = [
  "generic",
  "slack",
  "zoom",
  "aws-identity-center",
  "github-emu",
  "pagerduty",
] as const;

export type ScimProfileName = (typeof scimProfileNames)[number];

/**
 * A token travels there, so the address is encrypted, unless it never leaves the machine: the embedded stack has servers of its own. A
 * function takes those only where it is told so, and a policy with one is not packaged.
 */
const addressLike = (example: string) =>
  z
    .string()
    .max(512)
    .refine((text) => problemOfAddress(text, example) === undefined, {
      error: ({ input }) => problemOfAddress(String(input), example) ?? "",
    });

function problemOfAddress(text: string, example: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && !isLoopbackUrl(text)))
    return `must be an address that begins with https://, such as ${example}`;
  if (url.username !== "" || url.password !== "")
    return "must have no user name and no password; what is secret is kept in the parameter that `secret` names";
  if (url.search !== "" || url.hash !== "") return "must have no query and no fragment";
  return undefined;
}

/** Whether an address is one of this machine's, without encryption. */
export function isLoopbackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-parameter-name-constraints.html */
const parameterName = z
  .string()
  .max(900)
  .regex(
    /^(?!\/(?:aws|ssm)\b)(?:\/[\w.-]+){1,15}$/i,
    "must be the name of a parameter in SSM that begins with a slash, such as /rollcall/slack",
  );

const licensePlace = policyObject({
  path: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[\w:.$-]+$/, "must be the path of an attribute, such as userType")
    .describe("The attribute: userType, entitlements, or one of an extension (urn:…:User:attribute)."),
  shape: z
    .enum(["text", "element"])
    .describe("text: the license itself. element: a list with one element whose value is the license."),
  type: z
    .string()
    .min(1)
    .max(256)
    .exactOptional()
    .describe("The element's type, where the service wants one."),
});

/** How a token is fetched where the service's own ends within the hour. */
const oauth = policyObject({
  tokenUrl: addressLike("https://zoom.us/oauth/token").describe(
    "The service's token endpoint. It begins with https://.",
  ),
  scope: z
    .string()
    .min(1)
    .max(1024)
    .exactOptional()
    .describe("The scope to ask for, if the endpoint wants one."),
  parameters: z
    .record(
      z.string().regex(/^\w{1,64}$/, "must be the name of a parameter, such as account_id"),
      z.string().max(512),
    )
    .refine((names) => Object.keys(names).every((name) => !secretParameters.has(name)), {
      error: "must hold nothing secret; the client's secret is kept in the parameter that `secret` names",
    })
    .exactOptional()
    .describe("What the endpoint wants besides. Zoom wants grant_type: account_credentials and account_id."),
});

const secretParameters = new Set([
  "client_secret",
  "password",
  "assertion",
  "client_assertion",
  "refresh_token",
]);

/** The shape of `directory` of an account: the service that has its users, where that is not the usual one. */
export const directorySchema = policyObject({
  kind: z.literal("scim").describe("scim: a service that speaks SCIM 2.0."),
  profile: z
    .enum(scimProfileNames)
    .describe("What is known of the service: see docs/targets.md. generic: nothing but the standard."),
  baseUrl: addressLike("https://api.slack.com/scim/v2")
    .transform((text) => text.replace(/\/+$/, ""))
    .describe("The address below which the service has its Users. It begins with https://."),
  secret: parameterName.describe(
    "The name of a SecureString in the SSM Parameter Store that holds the service's bearer token; with oauth, CLIENT_ID:CLIENT_SECRET.",
  ),
  oauth: oauth
    .exactOptional()
    .describe(
      "Fetches tokens by OAuth's client credentials, for a service whose tokens end within the hour.",
    ),
  bulk: z
    .boolean()
    .exactOptional()
    .describe("false: never by bulk requests, although the service announces them."),
  rate: z
    .number()
    .positive()
    .max(1000)
    .exactOptional()
    .describe("The requests in a second that the service takes, where that differs from the profile's."),
  showsActive: z
    .literal(false, { error: "must be false, or be left out" })
    .exactOptional()
    .describe(
      "false: the service never shows whether a user is active, and its suspensions are to be believed all the same.",
    ),
  license: licensePlace
    .exactOptional()
    .describe("Where a user's license stands, where that differs from the profile's."),
});

export type DirectorySettings = z.output<typeof directorySchema>;

/** The shape of `suspension` of an account. */
export const suspensionSchema = z.literal("deletes", {
  error: "must be deletes, or be left out where the service keeps the users whom it suspends",
});
