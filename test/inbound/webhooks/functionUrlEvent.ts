interface Differences {
  method?: string;
  headers?: Record<string, string>;
}

/** A call as a function URL hands it over (payload format 2.0); bytes come encoded, text as it is. */
export function functionUrlEvent(
  path: string,
  body: string | Uint8Array,
  { method = "POST", headers = {} }: Differences = {},
) {
  const isBase64Encoded = typeof body !== "string";
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: "",
    headers: { host: "abc.lambda-url.us-east-1.on.aws", "content-type": "application/json", ...headers },
    requestContext: {
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "192.0.2.7" },
      stage: "$default",
    },
    body: typeof body === "string" ? body : Buffer.from(body).toString("base64"),
    isBase64Encoded,
  };
}
