// The bridge from serverless.yml, which can load CommonJS only, to the TypeScript beside this file.
const { require: requireTypeScript } = require("tsx/cjs/api");

/** @param {{ resolveConfigurationProperty: (path: string[]) => Promise<unknown> }} variables */
module.exports = async ({ resolveConfigurationProperty }) => {
  const { template } = requireTypeScript("./template.ts", __filename);
  /** @param {string} name */
  const parameter = (name) => resolveConfigurationProperty(["custom", name]);
  const alarmTopicArn = (await parameter("alarmTopicArn")) || undefined;
  const webhooks = String(await parameter("webhooks")) === "true";
  const oktaBusName = (await parameter("oktaBusName")) || undefined;
  return template({ alarmTopicArn, webhooks, oktaBusName });
};
