import { Messages, Schemas, Types } from "scimmy";
import { z } from "zod";
import { type Refusal, refuse } from "../operations/answers.ts";

/** The attributes of a user but `id` and `meta`, which the service gives. */
export type UserAttributes = z.infer<typeof userAttributes>;

const values = z.array(z.looseObject({ value: z.string().optional() }));
const userAttributes = z.looseObject({
  schemas: z.array(z.string()),
  userName: z.string(),
  externalId: z.string().optional(),
  displayName: z.string().optional(),
  userType: z.string().optional(),
  active: z.boolean().optional(),
  emails: values.optional(),
  roles: values.optional(),
  entitlements: values.optional(),
});

/** A schema extension of a tenant, such as a vendor's. */
export interface SchemaExtension {
  /** Begins with `urn:ietf:params:scim:schemas:`. */
  id: string;
  attributes: AttributeTypes;
}

/** Attributes of one value, by name. */
export type AttributeTypes = Readonly<Record<string, "string" | "boolean">>;

/** Reads and patches users as a tenant's schema allows. */
export interface UserSchema {
  ids: readonly string[];
  parse(body: unknown): UserAttributes | Refusal;
  /** An unchanged user is returned as it was. */
  patch(user: UserAttributes, message: unknown): Promise<UserAttributes | Refusal>;
}

/** Declares the schema of a tenant's users: core and enterprise attributes, and the tenant's own. */
export function declareUserSchema(
  extensions: readonly SchemaExtension[],
  ownAttributes: AttributeTypes,
): UserSchema {
  const { id, description } = Schemas.User.definition;
  const definition = new Types.SchemaDefinition("User", id, description, [
    ...coreAttributes(),
    ...toAttributes(ownAttributes),
  ]);
  definition.extend(Schemas.EnterpriseUser.definition, false);
  for (const extension of extensions) {
    const name = extension.id.split(":").slice(-3, -1).join(" ");
    const attributes = toAttributes(extension.attributes);
    definition.extend(new Types.SchemaDefinition(name, extension.id, "", attributes), false);
  }

  class TenantUser extends Types.Schema {
    static override get id() {
      return id;
    }
    static override get definition() {
      return definition;
    }
    constructor(resource: unknown, direction = "both") {
      super(resource, direction);
      Object.assign(this, definition.coerce(resource, direction));
    }
  }

  return {
    ids: [id, Schemas.EnterpriseUser.id, ...extensions.map((extension) => extension.id)],
    parse: (body) => {
      try {
        return toUserAttributes(new TenantUser(body, "in"));
      } catch (error) {
        return toRefusal(error);
      }
    },
    patch: async (user, message) => {
      try {
        const patch = new Messages.PatchOp(parseMessage(message));
        const changed = await patch.apply(new TenantUser(user));
        return changed === undefined ? user : toUserAttributes(changed);
      } catch (error) {
        return toRefusal(error);
      }
    },
  };
}

// SCIMMY allows no `type` for these two, while services give one.
const multiValued = ["roles", "entitlements"];
/** Declaring an attribute costs time with every user, so those that no test needs are left out. */
const left = [...multiValued, "ims", "photos", "addresses", "x509Certificates", "groups", "profileUrl"];

function coreAttributes(): Types.Attribute[] {
  const core = Schemas.User.definition.attributes.filter(
    (attribute) =>
      attribute instanceof Types.Attribute && !attribute.config.shadow && !left.includes(attribute.name),
  );
  return [
    ...core,
    ...multiValued.map(
      (name) =>
        new Types.Attribute("complex", name, { multiValued: true, uniqueness: false }, [
          ...toAttributes({ value: "string", display: "string", type: "string", primary: "boolean" }),
        ]),
    ),
  ];
}

function toAttributes(types: AttributeTypes): Types.Attribute[] {
  return Object.entries(types).map(([name, type]) => new Types.Attribute(type, name));
}

const patchMessage = z.object({
  schemas: z.tuple([z.literal(Messages.PatchOp.id)]),
  Operations: z.array(
    z.object({
      op: z.enum(["add", "remove", "replace"]),
      path: z.string().optional(),
      value: z.unknown().optional(),
    }),
  ),
});

function parseMessage(message: unknown): ConstructorParameters<typeof Messages.PatchOp>[0] {
  const parsed = patchMessage.safeParse(message);
  if (!parsed.success) throw new Types.Error(400, "invalidSyntax", z.prettifyError(parsed.error));
  return {
    schemas: parsed.data.schemas,
    Operations: parsed.data.Operations.map(({ op, path, value }) => ({
      op,
      ...(path === undefined ? {} : { path }),
      ...(value === undefined ? {} : { value }),
    })),
  };
}

function toUserAttributes(user: Types.Schema): UserAttributes {
  // SCIMMY's object has accessors; its JSON is the plain user.
  const { id: _, meta: __, ...attributes } = z.looseObject({}).parse(JSON.parse(JSON.stringify(user)));
  return userAttributes.parse(attributes);
}

function toRefusal(error: unknown): Refusal {
  if (error instanceof Types.Error) return refuse(error.status, error.message, error.scimType);
  // A value of a wrong type.
  if (error instanceof TypeError) return refuse(400, error.message, "invalidValue");
  throw error;
}
