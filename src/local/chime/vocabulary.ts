/**
 * The words of the Chime API, in the spelling of the wire. Written down here instead of imported from the SDK,
 * so that the contract test compares two independent readings of the service.
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

/** One failed user of a batch. Every member is optional on the wire, and a code may be one that no model knows. */
export interface UserError {
  UserId?: string;
  ErrorCode?: string;
  ErrorMessage?: string;
}

/** What InviteUsers tells about one address. */
export interface Invite {
  InviteId: string;
  Status: InviteStatus;
  EmailAddress: string;
  EmailStatus: EmailStatus;
}
