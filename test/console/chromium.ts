import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";

/** Debian's, which comes by apt-get: a browser of its own would be half a gigabyte in everybody's install. */
const usualPath = "/usr/bin/chromium";
const howToGet = "apt-get install chromium, or CHROMIUM=<path of a Chromium>";

/** Everything that pages did which they must not do. */
interface Watched {
  context: BrowserContext;
  /** Errors on the browser's console, exceptions of scripts, dialogs, and requests to anybody but the console. */
  faults: string[];
}

interface Chromium {
  /** A browser's profile of its own, which is watched. */
  open: (origin: string, options?: Parameters<Browser["newContext"]>[0]) => Promise<Watched>;
}

/**
 * Defines tests in a real browser, which starts before them and ends after them. Where there is none they are skipped, or fail if
 * CI_CHROMIUM=required says that there has to be one.
 */
export function describeInChromium(define: (browser: () => Chromium) => void): void {
  const executablePath = [process.env.CHROMIUM, usualPath].find((path) => path && existsSync(path));
  if (executablePath === undefined && process.env.CI_CHROMIUM !== "required") {
    it.skip(`NOT RUN in a browser, because Chromium is absent: ${howToGet}`);
    return;
  }
  describe("in Chromium", () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      if (executablePath === undefined) throw new Error(`expected Chromium; there is none: ${howToGet}`);
      // Its sandbox does not work for root, as in a container.
      browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    });
    afterAll(() => browser?.close());
    define(() => ({
      open: async (origin, options = {}) => {
        if (browser === undefined) throw new Error("expected a test that runs; Chromium is not started yet");
        const context = await browser.newContext(options);
        return { context, faults: watch(context, origin) };
      },
    }));
  });
}

function watch(context: BrowserContext, origin: string): string[] {
  const faults: string[] = [];
  context.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`)) faults.push(`a request to ${request.url()}`);
  });
  context.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  context.on("weberror", (error) => faults.push(String(error.error())));
  context.on("dialog", (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return faults;
}

/** Who works with a page: with the mouse, or with the keyboard alone. */
export interface Hand {
  press: (page: Page, role: "link" | "button" | "checkbox" | "radio", name: string | RegExp) => Promise<void>;
  type: (page: Page, name: string, text: string) => Promise<void>;
}

export const mouse: Hand = {
  press: (page, role, name) => leading(page, role, () => page.getByRole(role, { name }).first().click()),
  type: (page, name, text) => page.getByLabel(name, { exact: true }).first().fill(text),
};

/** So many stops a page has at most, from its first link to its last. */
const mostStops = 300;

export const keyboard: Hand = {
  async press(page, role, name) {
    await tabTo(page, page.getByRole(role, { name }).first());
    const key = role === "link" || role === "button" ? "Enter" : "Space";
    await leading(page, role, () => page.keyboard.press(key));
  },
  async type(page, name, text) {
    await tabTo(page, page.getByLabel(name, { exact: true }).first());
    await page.keyboard.press("Control+A");
    await page.keyboard.type(text);
  },
};

/** Every link and button of the console leads to another page. */
async function leading(page: Page, role: string, act: () => Promise<void>): Promise<void> {
  const loaded = role === "link" || role === "button" ? page.waitForEvent("load") : undefined;
  await act();
  await loaded;
}

async function tabTo(page: Page, locator: ReturnType<Page["getByRole"]>): Promise<void> {
  await locator.waitFor();
  for (let stop = 0; stop < mostStops; stop += 1) {
    if (await locator.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`expected to reach ${locator} by the keyboard`);
}
