import { fromEnv } from "@aws-sdk/credential-provider-env";

/**
 * Replaces `@aws-sdk/credential-provider-node` in the functions' bundles (see `serverless.yml`). Lambda puts the role's
 * credentials into the environment. The SDK's other sources, such as single sign-on and instance metadata, would only be
 * read at every cold start.
 */
export const defaultProvider = fromEnv;
