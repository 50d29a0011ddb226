/**
 * The enumerations of the Chime API, as they appear in JSON. They are written down here instead of imported from the
 * SDK, so that the contract test compares two independent readings of the documentation.
 * https://docs.aws.amazon.com/chime/latest/APIReference/API_Types.html
 */

export const licenses = ["Basic", "Plus", "Pro", "ProTrial"] as const;
export type License = (typeof licenses)[number];

export const userTypes = ["PrivateUser", "SharedDevice"] as const;
export type UserType = (typeof userTypes)[number];

export const accountTypes = ["Team", "EnterpriseDirectory", "EnterpriseLWA", "EnterpriseOIDC"] as const;
export type AccountType = (typeof accountTypes)[number];

export const accountStatuses = ["Suspended", "Active"] as const;
export type AccountStatus = (typeof accountStatuses)[number];

export const registrationStatuses = ["Unregistered", "Registered", "Suspended"] as const;
export type RegistrationStatus = (typeof registrationStatuses)[number];

export const inviteStatuses = ["Pending", "Accepted", "Failed"] as const;
export type InviteStatus = (typeof inviteStatuses)[number];

export const emailStatuses = ["NotSent", "Sent", "Failed"] as const;
export type EmailStatus = (typeof emailStatuses)[number];

export const userErrorCodes = [
  "AccessDenied",
  "BadRequest",
  "Conflict",
  "Forbidden",
  "NotFound",
  "PhoneNumberAssociationsExist",
  "PreconditionFailed",
  "ResourceLimitExceeded",
  "ServiceFailure",
  "ServiceUnavailable",
  "Throttled",
  "Throttling",
  "Unauthorized",
  "Unprocessable",
  "VoiceConnectorGroupAssociationsExist",
] as const;
export type UserErrorCode = (typeof userErrorCodes)[number];

/** One failed user of a batch. All fields are optional in the API, and a code may be one that no model lists. */
export interface UserError {
  UserId?: string;
  ErrorCode?: string;
  ErrorMessage?: string;
}

/** The result of InviteUsers for one address. */
export interface Invite {
  InviteId: string;
  Status: InviteStatus;
  EmailAddress: string;
  EmailStatus: EmailStatus;
}

/** The exceptions of the Chime API by the name in `x-amzn-errortype`: HTTP status, and the `Code` of the body. */
export const exceptions = {
  BadRequestException: { status: 400, code: "BadRequest" },
  ResourceLimitExceededException: { status: 400, code: "ResourceLimitExceeded" },
  UnauthorizedClientException: { status: 401, code: "Unauthorized" },
  ForbiddenException: { status: 403, code: "Forbidden" },
  AccessDeniedException: { status: 403, code: "AccessDenied" },
  NotFoundException: { status: 404, code: "NotFound" },
  ConflictException: { status: 409, code: "Conflict" },
  UnprocessableEntityException: { status: 422, code: "Unprocessable" },
  ThrottledClientException: { status: 429, code: "Throttled" },
  ServiceFailureException: { status: 500, code: "ServiceFailure" },
  ServiceUnavailableException: { status: 503, code: "ServiceUnavailable" },
  // Chime does not have the two below: one is for a route that the simulator does not serve, the other for a fault
  // plan that threw. The SDK retries neither, so a mistake in a test shows at once.
  UnknownOperationException: { status: 404, code: "UnknownOperation" },
  SimulatorDefect: { status: 501, code: "SimulatorDefect" },
} as const satisfies Record<string, { status: number; code: string }>;

export type ExceptionName = keyof typeof exceptions;

/** A call that is refused as a whole. */
export interface Refusal {
  kind: "refused";
  exception: ExceptionName;
  message: string;
  /** Set if the operation took effect all the same, as a fault plan may ask for. */
  tookEffect?: true;
}

export function refuse(exception: ExceptionName, message: string): Refusal {
  return { kind: "refused", exception, message };
}

/**
 * Returns the exception of a single-user operation that corresponds to a batch's error code. A code without an
 * exception of its own becomes a 400, because the service documents no other.
 */
export function exceptionOfCode(code: string): ExceptionName {
  const names = Object.keys(exceptions) as ExceptionName[];
  const sought = code === "Throttling" ? "Throttled" : code;
  return names.find((name) => exceptions[name].code === sought) ?? "BadRequestException";
}
