import { register } from "tsx/esm/api";

// The emulators are TypeScript, and are translated as they are loaded.
register();
export const { startDev } = await import("../dev/local/startDev.ts");
