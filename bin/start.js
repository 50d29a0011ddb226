import { register } from "tsx/esm/api";

// The SDK would tell every user of Node 20 that it will want Node 22 one day; the lockfile sees to that.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
register();
const { startDay } = await import("../dev/day/startDay.ts");
// The process exits by itself, so that no output is cut off.
process.exitCode = await startDay(process.argv.slice(2), process);
