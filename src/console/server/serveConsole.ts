import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { type Assets, type ConsoleOptions, createConsoleApp } from "./consoleApp.tsx";

export interface ServeOptions extends ConsoleOptions {
  /** 0: a free one. */
  port: number;
  /** After so long without anybody's request, and without an act, it ends. */
  idleMilliseconds?: number;
}

export interface RunningConsole {
  /** With the token: whoever has it is let in. */
  url: string;
  /** Settles when it has ended, and says why. */
  ended: Promise<"idle" | "closed">;
  close: () => Promise<void>;
}

const thirtyMinutes = 1_800_000;
const address = "127.0.0.1";

/** Serves the console on this computer alone. Rejects if the port is taken. */
export async function serveConsole({
  port,
  idleMilliseconds = thirtyMinutes,
  ...options
}: ServeOptions): Promise<RunningConsole> {
  let app: Hono | undefined;
  const server = createAdaptorServer({
    fetch: (request, env) => app?.fetch(request, env) ?? new Response(null, { status: 503 }),
  });
  server.listen(port, address);
  await once(server, "listening");
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("expected a port of this computer");
  const host = `${address}:${bound.port}`;
  const secret = () => randomBytes(32).toString("base64url");
  const defence = { host, token: secret(), session: secret() };

  let tellEnd: (why: "idle" | "closed") => void = () => {};
  const ended = new Promise<"idle" | "closed">((resolve) => {
    tellEnd = resolve;
  });
  const end = async (why: "idle" | "closed") => {
    clearTimeout(idle);
    await jobs.stopAll();
    server.close(() => tellEnd(why));
    if (server instanceof Server) server.closeAllConnections();
    await ended;
  };
  const idle = setTimeout(() => {
    // Whoever began it waits for it.
    if (jobs.isAnyRunning()) idle.refresh();
    else void end("idle");
  }, idleMilliseconds);
  const { app: pages, jobs } = createConsoleApp(options, {
    defence,
    assets: readAssets(),
    onUse: () => idle.refresh(),
  });
  app = pages;
  return { url: `http://${host}/?t=${defence.token}`, ended, close: () => end("closed") };
}

/** Reads them once. They lie beside the sources, and beside the built command. */
function readAssets(): Assets {
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
