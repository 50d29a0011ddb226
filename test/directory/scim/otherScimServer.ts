import { createServer } from "node:http";
import { scim } from "@better-auth/scim";
import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { getAuthTables } from "better-auth/db";
import { toNodeHandler } from "better-auth/node";
import { onTestFinished } from "vitest";
import { z } from "zod";

/** A SCIM server that this repository has no part in: Better Auth's, with its users in memory. */
export interface OtherScimServer {
  /** Of the SCIM endpoints, such as `http://127.0.0.1:4111/api/auth/scim/v2`. */
  baseUrl: string;
  token: string;
  /** What the server itself has stored, in the order of arrival. */
  users(): OtherUser[];
  /** How many requests came, by method. */
  requests(): Record<string, number>;
}

const storedAttributes = z.object({
  name: z.object({ givenName: z.string().optional(), familyName: z.string().optional() }).optional(),
  userType: z.string().optional(),
  enterprise: z.object({ department: z.string().optional() }).optional(),
});

type OtherUser = z.infer<typeof storedUser>;

const storedUser = z
  .object({
    userName: z.string(),
    externalId: z.string().nullish(),
    active: z.boolean(),
    serializedAttributes: z.string(),
  })
  .transform(({ serializedAttributes, ...user }) => ({
    ...user,
    ...storedAttributes.parse(JSON.parse(serializedAttributes)),
  }));

const token = "a-token-of-at-least-thirty-two-characters";

/** Starts the server on 127.0.0.1. It ends with the test. https://www.better-auth.com/docs/plugins/scim */
export async function startOtherScimServer(): Promise<OtherScimServer> {
  const credentials = [{ type: "bearer" as const, id: "only", token }];
  const { schema, ...plugin } = scim({ connections: [{ id: "hr", credentials }] });
  // Its type allows an undefined table, which `exactOptionalPropertyTypes` does not accept.
  const tables = Object.entries(schema).flatMap(([name, table]) =>
    table === undefined ? [] : [[name, table] as const],
  );
  const plugins = [{ ...plugin, schema: Object.fromEntries(tables) }];
  const models = Object.values(getAuthTables({ plugins })).map(({ modelName }) => modelName);
  const database: Record<string, Record<string, unknown>[]> = Object.fromEntries(
    models.map((model) => [model, []]),
  );
  const counts: Record<string, number> = {};
  const server = createServer();
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  const baseURL = `http://127.0.0.1:${address.port}`;
  const auth = betterAuth({
    baseURL,
    secret: "a-secret-of-at-least-thirty-two-characters",
    database: memoryAdapter(database),
    plugins,
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    logger: { disabled: true },
  });
  const handle = toNodeHandler(auth);
  server.on("request", (request, response) => {
    const method = request.method ?? "";
    counts[method] = (counts[method] ?? 0) + 1;
    void handle(request, response);
  });
  return {
    baseUrl: `${baseURL}/api/auth/scim/v2`,
    token,
    users: () => z.array(storedUser).parse(database.scimUser ?? []),
    requests: () => ({ ...counts }),
  };
}
