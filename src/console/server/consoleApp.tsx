import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { getCookie, setCookie } from "hono/cookie";
import type { ConsolePorts, LiveSource } from "../consolePorts.ts";
import { addComingRoutes } from "../pages/comingPage.tsx";
import { addUserActRoutes } from "../pages/directoryPart.tsx";
import { addHeldRoutes } from "../pages/heldRoutes.tsx";
import { addDeadLetterRoutes } from "../pages/letters/deadLetterRoutes.tsx";
import { addMendRoutes } from "../pages/letters/mendRoutes.tsx";
import { NowPage, readNow } from "../pages/nowPage.tsx";
import { addPersonRoutes } from "../pages/personRoutes.tsx";
import { addPolicyRoutes } from "../pages/policyPage.tsx";
import { addRosterRoutes } from "../pages/rosterRoutes.tsx";
import { addTargetRoutes } from "../pages/targetsPage.tsx";
import { BarePage, Page } from "../view/layout.tsx";
import { CommandLine, Notice } from "../view/parts.tsx";
import { timeStyles, type View } from "../view/view.ts";
import { createFormTokens } from "./formTokens.ts";
import { createJobs, type Jobs, textOf } from "./jobs.ts";
import { streamNews } from "./liveNews.ts";
import { type FormHandler, type PageStatus, type Room, textIn } from "./room.tsx";
import {
  cookieName,
  type Defence,
  findForgery,
  isSignedIn,
  onlyThisHost,
  signIn,
  withHeaders,
} from "./security.ts";

export interface ConsoleOptions {
  ports: ConsolePorts;
  live: LiveSource;
  /** Why nothing can be changed; `undefined` where it can. */
  readOnly: string | undefined;
  /** How to begin it again, for whoever comes without the token. */
  startCommand: string;
}

/** What a browser loads besides the pages. */
export interface Assets {
  css: string;
  js: string;
  icon: string;
}

/** A form with the ids of rows, or with one event of at most 256 KB, of which each character may be three. */
const mostFormBytes = 1_500_000;

const liveHeader = "X-Rollcall-Live";

/**
 * The pages behind their defence.
 *
 * @param onUse called for each request that somebody made, and for none that a page made by itself
 */
export function createConsoleApp(
  { ports, live, readOnly, startCommand }: ConsoleOptions,
  { defence, assets, onUse }: { defence: Defence; assets: Assets; onUse: () => void },
): { app: Hono; jobs: Jobs } {
  const app = new Hono();
  const tokens = createFormTokens(ports.now);
  const jobs = createJobs(ports.explainFailure);

  const viewOf = (c: Context): View => {
    const asked = c.req.query("times") ?? getCookie(c, `${cookieName(defence)}-times`);
    const { pathname, search } = new URL(c.req.url);
    return {
      target: ports.target,
      address: c.req.method === "GET" ? `${pathname}${search}` : "/",
      times: timeStyles.find((style) => style === asked) ?? "local",
      now: ports.now(),
      readOnly,
      live: live.kind === "push" ? { kind: "push" } : { kind: "poll", everySeconds: live.everySeconds },
      formToken: tokens.issue,
      commandLine: ports.commandLine,
    };
  };
  const show: Room["show"] = async (c, page, status = 200) => {
    const html = String(await page);
    return c.html(`<!doctype html>${html.replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, "\ufffd")}`, status);
  };
  const showFault = (c: Context, title: string, message: string, status: PageStatus) =>
    show(
      c,
      <Page view={viewOf(c)} title={title} current={undefined}>
        <Notice tone="bad" title={message}>
          <p>
            <a href="/">To the first page</a>
          </p>
        </Notice>
      </Page>,
      status,
    );

  app.use(withHeaders());
  app.use(onlyThisHost(defence));
  app.get("/console.css", (c) => c.body(assets.css, 200, { "Content-Type": "text/css; charset=utf-8" }));
  app.get("/console.js", (c) => c.body(assets.js, 200, { "Content-Type": "text/javascript; charset=utf-8" }));
  app.get("/icon.svg", (c) => c.body(assets.icon, 200, { "Content-Type": "image/svg+xml" }));
  app.use(async (c, next) => {
    const token = c.req.query("t");
    if (c.req.method === "GET" && c.req.path === "/" && token !== undefined && signIn(c, token, defence)) {
      onUse();
      c.header("Referrer-Policy", "no-referrer");
      // A redirect would still belong to the page that the link was on, and a browser sends no strict cookie along then.
      return show(
        c,
        <BarePage title="Rollcall" next="/">
          <p>
            <a href="/">To the console</a>
          </p>
        </BarePage>,
      );
    }
    if (!isSignedIn(c, defence))
      return c.req.header(liveHeader) === undefined
        ? show(c, <SignInPage startCommand={startCommand} />, 403)
        : c.text("not signed in", 403);
    // A page that reads itself again chooses nothing: another tab may have chosen otherwise since.
    if (c.req.header(liveHeader) !== undefined) return next();
    onUse();
    const times = c.req.query("times");
    if (timeStyles.some((style) => style === times))
      setCookie(c, `${cookieName(defence)}-times`, times ?? "", {
        httpOnly: true,
        sameSite: "Strict",
        path: "/",
      });
    return next();
  });
  app.get("/news", (c) => streamNews(c, live));

  const addForm = (path: string, isAct: boolean, answer: FormHandler, mostBytes = mostFormBytes) =>
    app.post(
      path,
      async (c, next) => {
        const forgery = findForgery(c, defence);
        return forgery === undefined ? next() : c.text(forgery, 403);
      },
      bodyLimit({
        maxSize: mostBytes,
        onError: (c) =>
          showFault(c, "Too large", "The form is larger than any that this console makes.", 413),
      }),
      async (c) => {
        if (isAct && readOnly !== undefined) return showFault(c, "Read-only", readOnly, 403);
        const form = await c.req.formData();
        const token = textIn(form, "token");
        const answerOfToken = tokens.redeem(new URL(c.req.url).pathname, token);
        if (answerOfToken === "wrong")
          return showFault(
            c,
            "Not this form",
            "The form was not made by this console, or long ago. Nothing was done.",
            403,
          );
        if (answerOfToken === "used" && isAct)
          return showFault(
            c,
            "Sent before",
            "This form was sent before; it is good once. Nothing was done now.",
            409,
          );
        return answer(c, form);
      },
    );
  const room: Room = {
    app,
    ports,
    jobs,
    view: viewOf,
    show,
    ask: (path, answer, { mostBytes } = {}) => addForm(path, false, answer, mostBytes),
    act: (path, answer) => addForm(path, true, answer),
  };

  app.get("/", async (c) => show(c, <NowPage view={viewOf(c)} reports={await readNow(ports)} />));
  addPersonRoutes(room);
  addHeldRoutes(room);
  addDeadLetterRoutes(room);
  addMendRoutes(room);
  addUserActRoutes(room);
  addRosterRoutes(room);
  addComingRoutes(room);
  addPolicyRoutes(room);
  addTargetRoutes(room);

  app.notFound((c) => showFault(c, "Not found", "There is no such page here.", 404));
  app.onError((error, c) => showFault(c, "It failed", textOf(error, ports.explainFailure), 500));
  return { app, jobs };
}

function SignInPage({ startCommand }: { startCommand: string }) {
  return (
    <BarePage title="Open the address that was printed">
      <p>
        This console belongs to whoever started it. Open the address that it printed on its terminal: every
        tab that is opened with it is let in, until the console ends.
      </p>
      <CommandLine label="Has it ended? Begin again with" text={startCommand} />
    </BarePage>
  );
}
