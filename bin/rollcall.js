#!/usr/bin/env node
import { existsSync } from "node:fs";

const built = new URL("../dist/rollcall.js", import.meta.url);
if (existsSync(built)) {
  // The SDK would tell every user of Node 20 that it will want Node 22 one day; the lockfile sees to that.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  await import(built.href);
} else {
  process.stderr.write(
    "error: the command has not been built.\nnpm ci builds it, and so does npm run build.\n",
  );
  process.exitCode = 2;
}
