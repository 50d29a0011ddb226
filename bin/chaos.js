import { register } from "tsx/esm/api";

// The SDK would tell every user of Node 20 that it will want Node 22 one day; the lockfile sees to that.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
register();
await import("../src/local/chaos/main.ts");
