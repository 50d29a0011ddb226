import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { LiveSource } from "../consolePorts.ts";

/** A proxy or a laptop that slept drops a silent stream; and a stream whose page is gone is found out by writing. */
const heartbeatMilliseconds = 15_000;

/** Tells a page that something may have changed, as server-sent events. What has changed the page asks by itself. */
export function streamNews(c: Context, live: LiveSource): Response {
  if (live.kind !== "push") return c.text("nothing is told here; ask again", 404);
  return streamSSE(c, async (stream) => {
    let isNews = false;
    let wake = () => {};
    const unsubscribe = live.subscribe(() => {
      isNews = true;
      wake();
    });
    stream.onAbort(() => {
      unsubscribe();
      wake();
    });
    while (!stream.aborted) {
      if (!isNews) await waitFor((resolve) => (wake = resolve));
      if (stream.aborted) return;
      await stream.writeSSE({ event: isNews ? "changed" : "still", data: "" });
      isNews = false;
    }
  });
}

function waitFor(onWake: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, heartbeatMilliseconds);
    onWake(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
