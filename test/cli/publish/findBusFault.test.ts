import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createEventBridgeClient } from "../../../src/cli/aws/eventBridgeClient.ts";
import { findBusFault } from "../../../src/cli/publish/findBusFault.ts";

let close = () => {};
afterEach(() => close());

/** Asks for the bus `hr` at a server that gives this answer to every call. */
async function ask(status: number, body: unknown): Promise<string | undefined> {
  const server = createServer((_, response) => {
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  const client = createEventBridgeClient({ endpoint: `http://127.0.0.1:${address.port}` });
  close = () => {
    client.destroy();
    server.close();
  };
  return findBusFault(client, "hr");
}

describe("findBusFault", () => {
  it("finds none with a bus that is there", async () => {
    expect(await ask(200, { Name: "hr" })).toBeUndefined();
  });

  it("warns of a bus that does not exist, which PutEvents would not", async () => {
    expect(await ask(400, { __type: "ResourceNotFoundException", message: "no bus" })).toBe(
      "there is no event bus hr in us-east-1, and what is sent to it would be lost; name another with --bus",
    );
  });

  it.each(["AccessDeniedException", "UnknownOperationException", "ThrottlingException"])(
    "makes nothing of a %s, which says nothing about publishing",
    async (code) => {
      expect(await ask(400, { __type: code, message: "no" })).toBeUndefined();
    },
  );
});
