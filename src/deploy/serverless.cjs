// The bridge from serverless.yml, which can load CommonJS only, to the TypeScript beside this file.
const { require: requireTypeScript } = require("tsx/cjs/api");

/** @param {{ resolveConfigurationProperty: (path: string[]) => Promise<unknown> }} variables */
module.exports = async ({ resolveConfigurationProperty }) => {
  const { template } = requireTypeScript("./template.ts", __filename);
  const alarmTopicArn = await resolveConfigurationProperty(["custom", "alarmTopicArn"]);
  return template({ alarmTopicArn: alarmTopicArn || undefined });
};
