import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { isSame } from "./formTokens.ts";

/** What the console's defence depends on. */
export interface Defence {
  /** The only value of `Host` that is served, such as `127.0.0.1:4747`: a name that was bound anew to this address is another. */
  host: string;
  /** In the address that was printed: 256 bits. */
  token: string;
  /** The value of the cookie for which the token is exchanged: 256 bits. */
  session: string;
}

/**
 * Nothing but the console's own files is loaded, nothing is sent elsewhere, and nobody frames it. Charts are drawn with attributes, so
 * no style in a line is needed.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * `same-origin`, not `no-referrer`: with that, browsers send `Origin: null` with a form, and where a form comes from could not be
 * checked. Nothing is told to anybody else with either. The one page whose address holds the token has `no-referrer`.
 */
const headers: Readonly<Record<string, string>> = {
  "Content-Security-Policy": contentSecurityPolicy,
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
  "Cache-Control": "no-store",
  "Referrer-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Every answer has them, refusals and failures too. */
export function withHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(headers)) if (!c.res.headers.has(name)) c.header(name, value);
  };
}

/** A page elsewhere whose name was bound to 127.0.0.1 sends that name as `Host`. */
export function onlyThisHost({ host }: Defence): MiddlewareHandler {
  return async (c, next) =>
    c.req.header("Host") === host
      ? next()
      : c.text(`expected the host ${host}; open the address that rollcall console printed`, 403);
}

/** The cookie's name has the port, because browsers give a cookie to every port of a host. */
export function cookieName({ host }: Defence): string {
  return `rollcall-${host.split(":")[1]}`;
}

export function isSignedIn(c: Context, defence: Defence): boolean {
  return isSame(getCookie(c, cookieName(defence)) ?? "", defence.session);
}

/** Exchanges the token for the cookie; false if it is another one. */
export function signIn(c: Context, token: string, defence: Defence): boolean {
  if (!isSame(token, defence.token)) return false;
  setCookie(c, cookieName(defence), defence.session, { httpOnly: true, sameSite: "Strict", path: "/" });
  return true;
}

/**
 * Why a POST is not one of the console's own pages; `undefined` if it is. Every browser that is maintained tells both. A program has
 * the commands.
 */
export function findForgery(c: Context, { host }: Defence): string | undefined {
  const origin = c.req.header("Origin");
  if (origin !== `http://${host}`)
    return `expected a form of this console; its origin is ${origin ?? "not told"}`;
  const site = c.req.header("Sec-Fetch-Site");
  return site === "same-origin"
    ? undefined
    : `expected a form of this console; it comes from ${site ?? "nowhere"}`;
}
