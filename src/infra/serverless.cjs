// Connects serverless.yml, which can load CommonJS only, with the TypeScript beside this file.
const { require: requireTypeScript } = require("tsx/cjs/api");

/** @param {{ resolveConfigurationProperty: (path: string[]) => Promise<unknown> }} variables */
module.exports = async ({ resolveConfigurationProperty }) => {
  const { template } = requireTypeScript("./template.ts", __filename);
  const { packagedConstants } = requireTypeScript("./packagedConstants.ts", __filename);
  const { checkStage } = requireTypeScript("./stageNames.ts", __filename);
  const { toRosterParameters } = requireTypeScript("./rosterParameters.ts", __filename);
  const { readPolicy } = requireTypeScript("../policy/file/policyFile.ts", __filename);
  const { checkDirectories } = requireTypeScript("../directory/kinds/checkDirectories.ts", __filename);
  // A wrong policy would stop every function at its cold start, so it is not packaged. The path is relative to serverless.yml.
  const policy = readPolicy("policy.yml");
  checkDirectories("policy.yml", policy);
  /** @param {string} name */
  const parameter = (name) => resolveConfigurationProperty(["custom", name]);
  const alarmTopicArn = (await parameter("alarmTopicArn")) || undefined;
  const webhooks = String(await parameter("webhooks")) === "true";
  const oktaBusName = (await parameter("oktaBusName")) || undefined;
  const roster = toRosterParameters({
    rosterBucket: String(await parameter("rosterBucket")),
    rosterKey: String(await parameter("rosterKey")),
    rosterSync: String(await parameter("rosterSync")),
    rosterRate: String(await parameter("rosterRate")),
  });
  const firstDeployment = String(await parameter("firstDeployment")) === "true";
  const made = template({ alarmTopicArn, webhooks, oktaBusName, roster, policy, firstDeployment });
  const [service, stage] = [
    await resolveConfigurationProperty(["service"]),
    await resolveConfigurationProperty(["provider", "stage"]),
  ];
  checkStage({ service: String(service), stage: String(stage) }, made);
  const withScim = String(await parameter("scim")) === "true";
  return { ...made, define: packagedConstants(policy, { withScim }) };
};
