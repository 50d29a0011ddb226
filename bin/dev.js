import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";

// The emulators and the console's pages are TypeScript, and are translated as they are loaded, wherever the command was started.
register({ tsconfig: fileURLToPath(new URL("../tsconfig.json", import.meta.url)) });
export const { startDev } = await import("../dev/local/startDev.ts");
