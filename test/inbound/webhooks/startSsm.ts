import * as z from "zod";
import { type Answer, type ServedRequest, startServer, type TestServer } from "./startServer.ts";

const getInput = z.object({ Name: z.string(), WithDecryption: z.literal(true) });
const putInput = z.object({
  Name: z.string(),
  Value: z.string(),
  Type: z.literal("SecureString"),
  Overwrite: z.boolean(),
});

/** As much of the SSM Parameter Store as webhooks need, for the real SDK client. */
export interface TestSsm extends TestServer {
  /** By their whole name. */
  parameters: Map<string, string>;
}

/** Every parameter is a SecureString, and comes out only for who asks to have it decrypted. */
export async function startSsm(initial: Readonly<Record<string, string>> = {}): Promise<TestSsm> {
  const parameters = new Map(Object.entries(initial));
  const server = await startServer((request) => answer(request, parameters));
  return { ...server, parameters };
}

function answer({ headers, body }: ServedRequest, parameters: Map<string, string>): Answer {
  switch (headers["x-amz-target"]) {
    case "AmazonSSM.GetParameter": {
      const { Name } = getInput.parse(JSON.parse(body));
      const Value = parameters.get(Name);
      if (Value === undefined) return { status: 400, body: JSON.stringify({ __type: "ParameterNotFound" }) };
      return { status: 200, body: JSON.stringify({ Parameter: { Name, Value, Type: "SecureString" } }) };
    }
    case "AmazonSSM.PutParameter": {
      const { Name, Value } = putInput.parse(JSON.parse(body));
      parameters.set(Name, Value);
      return { status: 200, body: JSON.stringify({ Version: 1 }) };
    }
    default:
      return { status: 400, body: JSON.stringify({ __type: "UnknownOperationException" }) };
  }
}
