/** The answer of an operation, before any fault of the call as a whole. */
export type Answer = Answered | Refusal | TextAnswer;

interface Answered {
  kind: "answered";
  status: number;
  body?: object;
  /** The URL of the user, for the header `Location` and for a bulk's result. */
  location?: string;
  /** The results of a bulk's operations, for the log. */
  results?: readonly OperationResult[];
}

/** An answer that is no JSON, such as the HTML of a missing route. */
interface TextAnswer {
  kind: "text";
  status: number;
  text: string;
  contentType: string;
}

export interface OperationResult {
  sent: string;
  status: number;
}

/** An error as RFC 7644, section 3.12, has it. */
export interface Refusal {
  kind: "refused";
  status: number;
  detail: string;
  scimType?: string;
}

export function refuse(status: number, detail: string, scimType?: string | null): Refusal {
  return {
    kind: "refused",
    status,
    detail,
    ...(scimType === undefined || scimType === null ? {} : { scimType }),
  };
}

export function isRefusal(value: object): value is Refusal {
  return "kind" in value && value.kind === "refused";
}

const errorSchema = "urn:ietf:params:scim:api:messages:2.0:Error";

/** The error as the body of an answer, or as the `response` of a bulk's operation. */
export function toErrorBody({ status, detail, scimType }: Refusal): object {
  return {
    schemas: [errorSchema],
    status: String(status),
    ...(scimType === undefined ? {} : { scimType }),
    detail,
  };
}
