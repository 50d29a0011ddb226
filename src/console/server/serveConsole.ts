import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { readAssets } from "./assets.ts";
import { type ConsoleOptions, createConsoleApp } from "./consoleApp.tsx";

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
