import { seededUuid } from "@rollcall/simulated-service/seededDraws";
import type { TenantRecord } from "../tenants/tenantState.ts";
import type { Answer } from "./answers.ts";

/**
 * Issues a token to a client that signs in by basic authentication. It is valid beside the tenant's own.
 * https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export function issueToken(
  record: TenantRecord,
  { form, authorization, at }: { form: Readonly<Record<string, string>>; authorization: string; at: number },
): Answer {
  const { oauth, issued, seed, basePath } = record;
  if (oauth === undefined) return jsonAnswer(404, { error: "not_found" });
  const parts = [oauth.clientId, oauth.clientSecret].map((part) => encodeURIComponent(part));
  if (authorization !== `Basic ${Buffer.from(parts.join(":")).toString("base64")}`)
    return jsonAnswer(401, { error: "invalid_client", error_description: "The client is not known." });
  const wanted = Object.entries(oauth.form ?? { grant_type: "client_credentials" });
  if (wanted.some(([name, value]) => form[name] !== value))
    return jsonAnswer(400, { error: "unsupported_grant_type" });
  const token = seededUuid(seed, `${basePath}/token/${issued.size + 1}`);
  const { lifetimeSeconds = 3600 } = oauth;
  issued.set(token, lifetimeSeconds === "untold" ? Number.POSITIVE_INFINITY : at + lifetimeSeconds * 1000);
  return jsonAnswer(200, {
    access_token: token,
    token_type: "Bearer",
    ...(lifetimeSeconds !== "untold" && { expires_in: lifetimeSeconds }),
  });
}

function jsonAnswer(status: number, body: object): Answer {
  return { kind: "text", status, text: JSON.stringify(body), contentType: "application/json" };
}
