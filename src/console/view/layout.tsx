import type { Child } from "hono/jsx";
import { PostForm } from "./parts.tsx";
import { addressOf, type TimeStyle, timeStyles, type View } from "./view.ts";

/** The pages, in the order of the navigation. */
const pages = [
  { path: "/", name: "Now" },
  { path: "/held", name: "Held" },
  { path: "/dead-letters", name: "Dead letters" },
  { path: "/roster", name: "Roster" },
  { path: "/coming", name: "Coming" },
  { path: "/policy", name: "Policy" },
  { path: "/targets", name: "Targets" },
] as const;

export type PagePath = (typeof pages)[number]["path"];

export interface PageProps {
  view: View;
  title: string;
  current: PagePath | undefined;
  /** What the page shows, in one sentence. */
  lead?: Child;
  /** The page reads itself again. */
  isFresh?: boolean;
  children?: Child;
}

/** The whole document: the target first, because an operator may have several open. */
export function Page({ view, title, current, lead, isFresh = false, children }: PageProps) {
  return (
    <html lang="en">
      <Head title={`${title} · ${view.target.stage ?? view.target.text} · Rollcall`} />
      <body
        data-live={view.live.kind}
        data-seconds={view.live.kind === "poll" ? view.live.everySeconds : undefined}
      >
        <a class="skip" href="#main">
          Skip to the page
        </a>
        <header class="top">
          <a class="brand" href="/">
            <Mark /> Rollcall
          </a>
          <nav aria-label="Pages">
            <ul>
              {pages.map(({ path, name }) => (
                <li>
                  <a href={path} aria-current={path === current ? "page" : undefined}>
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <PostForm view={view} action="/find" role="search" class="search">
            <label class="unseen" for="find">
              Find a person by id or address
            </label>
            <input
              id="find"
              name="who"
              type="search"
              required
              placeholder="Person: id or address"
              autocomplete="off"
            />
            <button type="submit">Find</button>
          </PostForm>
        </header>
        <TargetBanner view={view} />
        <p id="news" class="news" role="status" hidden />
        <main id="main" tabindex={-1}>
          <div class="heading">
            <h1>{title}</h1>
            {lead === undefined ? null : <p class="lead">{lead}</p>}
          </div>
          {children}
        </main>
        <Foot view={view} isFresh={isFresh} />
      </body>
    </html>
  );
}

/** A document for whoever is not signed in: it tells nothing of the target. */
export function BarePage({ title, children, next }: { title: string; children?: Child; next?: string }) {
  return (
    <html lang="en">
      <Head title={title} next={next} />
      <body>
        <main id="main" class="bare">
          <h1>{title}</h1>
          {children}
        </main>
      </body>
    </html>
  );
}

function Head({ title, next }: { title: string; next?: string | undefined }) {
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      {next === undefined ? null : <meta http-equiv="refresh" content={`0; url=${next}`} />}
      <title>{title}</title>
      <link rel="icon" href="/icon.svg" type="image/svg+xml" />
      <link rel="stylesheet" href="/console.css" />
      {next === undefined ? <script type="module" src="/console.js" /> : null}
    </head>
  );
}

/** The mark: a list that was called, one line still open. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="20" height="20" aria-hidden="true">
      <rect class="mark-ground" width="32" height="32" rx="8" fill="#2b5fd9" />
      <path
        d="M7 10l3 3 5-6M7 22l3 3 5-6"
        fill="none"
        stroke="#fff"
        stroke-width="3"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
      <path d="M19 11h7M19 23h7" stroke="#fff" stroke-width="3" stroke-linecap="round" />
    </svg>
  );
}

function TargetBanner({ view: { target, readOnly } }: { view: View }) {
  const isProduction = /^prod|^live/i.test(target.stage ?? "");
  const tone = target.isLocal ? "local" : isProduction ? "production" : "elsewhere";
  return (
    <section class={`target ${tone}`} aria-label="Target">
      <strong>{target.isLocal ? "Local stack" : isProduction ? "Production" : "AWS"}</strong>
      <span>{target.text}</span>
      {target.caller === undefined ? null : <span>as {target.caller}</span>}
      {readOnly === undefined ? null : <span>read-only</span>}
    </section>
  );
}

const styleNames: Record<TimeStyle, string> = { local: "local", utc: "UTC", relative: "relative" };

function Foot({ view, isFresh }: { view: View; isFresh: boolean }) {
  const { times, live, address } = view;
  const url = new URL(address, "http://console");
  return (
    <footer>
      <nav aria-label="Times">
        Times:{" "}
        {timeStyles.map((style) => (
          <a
            href={addressOf(url.pathname, { ...Object.fromEntries(url.searchParams), times: style })}
            aria-current={style === times ? "true" : undefined}
          >
            {styleNames[style]}
          </a>
        ))}
      </nav>
      {isFresh ? (
        <span>
          {live.kind === "push"
            ? "The local stack tells of news as it comes."
            : `Read again every ${live.everySeconds} s while it is seen.`}
        </span>
      ) : null}
      <span>
        <kbd>Ctrl</kbd> <kbd>K</kbd> finds a person
      </span>
    </footer>
  );
}
