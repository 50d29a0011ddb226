import { Chime } from "@aws-sdk/client-chime";
import { onTestFinished } from "vitest";
import {
  type ChimeSimulator,
  type ChimeSimulatorOptions,
  startChimeSimulator,
} from "../../../packages/chime-simulator/chimeSimulator.ts";

/** A clock that stands, so that timestamps can be compared. */
export const noon = Date.parse("2026-01-15T12:00:00.000Z");

/** An account of each type; the people are named, so that a test can speak of them. */
export const accounts: ChimeSimulatorOptions["accounts"] = [
  { id: "team", type: "Team", supportedLicenses: ["Basic", "Pro"], people: people("team.example") },
  { id: "lwa", type: "EnterpriseLWA", supportedLicenses: ["Basic", "Pro"], people: people("lwa.example") },
  { id: "directory", type: "EnterpriseDirectory", people: people("directory.example") },
  { id: "oidc", type: "EnterpriseOIDC", people: people("oidc.example") },
];

/** Ada and Grace are registered, Alan is suspended. */
function people(domain: string) {
  return [
    { id: "ada", email: `Ada@${domain}` },
    { id: "grace", email: `grace@${domain}` },
    { id: "alan", email: `alan@${domain}`, registration: "Suspended" as const },
  ];
}

/** A simulator and the SDK's own client for it; both end with the test. */
export async function startTestChime(
  options: Partial<ChimeSimulatorOptions> = {},
  maxAttempts = 1,
): Promise<{ chime: ChimeSimulator; client: Chime }> {
  const chime = await startChimeSimulator({ accounts, now: () => noon, ...options });
  const client = new Chime({
    region: "us-east-1",
    endpoint: chime.url,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts,
  });
  onTestFinished(async () => {
    client.destroy();
    await chime.close();
  });
  return { chime, client };
}

/** How the SDK names the failure of a call, or `none`. */
export async function failureOf(
  call: Promise<unknown>,
): Promise<{ name: unknown; status: unknown } | "none"> {
  return call.then(
    () => "none" as const,
    (error: { name: unknown; $metadata?: { httpStatusCode?: unknown } }) => ({
      name: error.name,
      status: error.$metadata?.httpStatusCode,
    }),
  );
}

export const badRequest = { name: "BadRequestException", status: 400 };
export const notFound = { name: "NotFoundException", status: 404 };
