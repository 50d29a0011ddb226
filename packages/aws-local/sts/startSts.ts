import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { closeServer, urlOf } from "../httpServer.ts";

/** Who the server says that its callers are; or the code with which it refuses them. */
export type StsAnswer = { account: string; arn: string } | { refuse: string };

export interface StsServer {
  url: string;
  /** How often it was asked. */
  calls: () => number;
  close: () => Promise<void>;
}

/**
 * Starts STS on 127.0.0.1, with GetCallerIdentity alone. Not modelled: signatures and all other actions.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function startSts(answer: () => StsAnswer): Promise<StsServer> {
  let calls = 0;
  const server = createServer(async (request, response) => {
    const action = new URLSearchParams(await text(request)).get("Action");
    calls += 1;
    const answered = action === "GetCallerIdentity" ? answer() : { refuse: "InvalidAction" };
    const isRefused = "refuse" in answered;
    response.writeHead(isRefused ? 403 : 200, { "content-type": "text/xml" });
    response.end(isRefused ? errorXml(answered.refuse) : identityXml(answered));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: urlOf(server), calls: () => calls, close: () => closeServer(server) };
}

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

function identityXml({ account, arn }: { account: string; arn: string }): string {
  const result = `<Arn>${arn}</Arn><UserId>AIDA</UserId><Account>${account}</Account>`;
  return `<GetCallerIdentityResponse xmlns="${namespace}"><GetCallerIdentityResult>${result}</GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
}

function errorXml(code: string): string {
  return `<ErrorResponse xmlns="${namespace}"><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error><RequestId>r</RequestId></ErrorResponse>`;
}
