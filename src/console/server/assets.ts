import { readFileSync } from "node:fs";

/** What a browser loads besides the pages. */
export interface Assets {
  css: string;
  js: string;
  icon: string;
}

/** Reads them once. They lie beside the sources, and beside the built command. */
export function readAssets(): Assets {
  return { css: read("console.css"), js: read("console.js"), icon };
}

function read(name: string): string {
  const places = [
    new URL(`../assets/${name}`, import.meta.url),
    new URL(`./console-assets/${name}`, import.meta.url),
  ];
  for (const place of places) {
    try {
      return readFileSync(place, "utf8");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
  throw new Error(`expected the console's ${name} beside its code; run npm run build`);
}

const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#2b5fd9"/><path d="M7 10l3 3 5-6M7 22l3 3 5-6" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/><path d="M19 11h7M19 23h7" stroke="#fff" stroke-width="3" stroke-linecap="round"/></svg>`;
