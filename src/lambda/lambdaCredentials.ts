import { fromEnv } from "@aws-sdk/credential-provider-env";

/**
 * What the functions' bundles hold in place of `@aws-sdk/credential-provider-node` (see `serverless.yml`). Lambda puts the
 * role's credentials into the environment. The other places where the SDK would look, such as single sign-on and the
 * metadata of a virtual machine, are of no use there, and every cold start would read them.
 */
export const defaultProvider = fromEnv;
