import { type Seed, seededPin } from "./seededValues.ts";
import type { InviteStatus, License, RegistrationStatus, UserType } from "./vocabulary.ts";

/** A user as the simulator holds it. Never changed in place, so that a test may keep what it read. */
export interface User {
  readonly id: string;
  readonly email: string;
  readonly displayName: string;
  readonly license: License;
  readonly type: UserType;
  readonly registration: RegistrationStatus;
  /** Absent for a user who was never invited, as on an enterprise account. */
  readonly invitation?: InviteStatus;
  readonly registeredAt?: Date;
  readonly invitedAt?: Date;
  readonly personalPin: string;
  /** Whether a client of this user is signed in: what LogoutUser and a suspension on EnterpriseLWA end. */
  readonly signedIn: boolean;
  readonly alexaForBusiness: AlexaForBusiness;
}

/** The `AlexaForBusinessMetadata` shape of the wire, kept as it came. */
interface AlexaForBusiness {
  IsAlexaForBusinessEnabled?: boolean | undefined;
  AlexaForBusinessRoomArn?: string | undefined;
}

/** What may be said about a user who is put into the directory; the rest has defaults. */
export type UserSeed = { email: string } & Partial<Omit<User, "email">>;

/** A registered, signed-in user, where the seed says nothing else. */
export function toUser(
  seed: UserSeed,
  given: { id: string; license: License; at: Date; randomSeed: Seed },
): User {
  const id = seed.id ?? given.id;
  const registration = seed.registration ?? "Registered";
  const registered = registration === "Unregistered" ? {} : { registeredAt: given.at };
  return {
    displayName: seed.email.split("@")[0] ?? seed.email,
    license: given.license,
    type: "PrivateUser",
    personalPin: seededPin(given.randomSeed, id),
    signedIn: registration === "Registered",
    alexaForBusiness: { IsAlexaForBusinessEnabled: false },
    ...registered,
    ...seed,
    id,
    registration,
  };
}

/** The `User` shape of the wire. https://docs.aws.amazon.com/chime/latest/APIReference/API_User.html */
export function toWireUser(user: User, accountId: string) {
  return {
    UserId: user.id,
    AccountId: accountId,
    PrimaryEmail: user.email,
    DisplayName: user.displayName,
    LicenseType: user.license,
    UserType: user.type,
    UserRegistrationStatus: user.registration,
    // JSON leaves out what is undefined, as the service leaves out what it does not know.
    UserInvitationStatus: user.invitation,
    RegisteredOn: user.registeredAt?.toISOString(),
    InvitedOn: user.invitedAt?.toISOString(),
    AlexaForBusinessMetadata: user.alexaForBusiness,
    PersonalPIN: user.personalPin,
  };
}
