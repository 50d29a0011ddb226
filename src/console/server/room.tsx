import type { Context, Hono } from "hono";
import type { Child } from "hono/jsx";
import type { ConsolePorts } from "../consolePorts.ts";
import { Page, type PagePath } from "../view/layout.tsx";
import { EmptyState } from "../view/parts.tsx";
import type { View } from "../view/view.ts";
import type { Jobs } from "./jobs.ts";

export type PageStatus = 200 | 400 | 403 | 404 | 409 | 413 | 500;

/** What the routes of a page are added to. */
export interface Room {
  app: Hono;
  ports: ConsolePorts;
  jobs: Jobs;
  view: (c: Context) => View;
  /** Draws a page. No control character of an id or a reason is part of it, whoever drew it. */
  show: (c: Context, page: Child, status?: PageStatus) => Response | Promise<Response>;
  /** A form that asks and changes nothing. */
  ask: (path: string, answer: FormHandler, limits?: { mostBytes?: number }) => void;
  /** A form that changes something: it is good once, and only where something may be changed. */
  act: (path: string, answer: FormHandler) => void;
}

export type FormHandler = (c: Context, form: FormData) => Response | Promise<Response>;

/** Says in place why nothing was done, and leads back. */
export function refuse(
  { show, view }: Room,
  c: Context,
  { message, current, back = current }: { message: string; current: PagePath; back?: string },
) {
  return show(
    c,
    <Page view={view(c)} title="Nothing was done" current={current}>
      <EmptyState title={message}>
        <p>
          <a href={back}>Back</a>
        </p>
      </EmptyState>
    </Page>,
    400,
  );
}

/** A field of a form; an empty text where there is none, or a file. */
export function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

const longestReason = 500;
export const reasonNeeded = "A reason of 1 to 500 characters is needed: it stands in the journal.";

/** The operator's reason; `undefined` without one. */
export function reasonIn(form: FormData): string | undefined {
  const reason = textIn(form, "because").trim();
  return reason === "" || reason.length > longestReason ? undefined : reason;
}

/** A page's number, from 1. */
export function pageIn(c: Context): number {
  const text = c.req.query("page") ?? "1";
  return /^[1-9]\d{0,6}$/.test(text) ? Number(text) : 1;
}
