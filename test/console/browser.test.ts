import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { SQSClient } from "@aws-sdk/client-sqs";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServiceStack } from "../../dev/service/serviceStack.ts";
import { waitUntilIdle } from "../../packages/aws-local/stack/waitUntilIdle.ts";
import { startConsole } from "../../src/cli/commands/console/startConsole.ts";
import type { LiveSource } from "../../src/console/consolePorts.ts";
import type { RunningConsole } from "../../src/console/server/serveConsole.ts";
import { publish, startTestStack, stateOf, team } from "../stack/testStack.ts";
import { describeInChromium, type Hand, keyboard, mouse } from "./chromium.ts";

const hostile = `<img src=x onerror=alert(1)>"'><script>alert(2)</script>`;

/** Eight leavers where two may leave in an hour, and two licenses that no account has. */
describeInChromium((browser) => {
  let stack: ServiceStack;
  let now = Date.now();
  const consoles: RunningConsole[] = [];
  const start = async (live?: LiveSource) => {
    const { dynamo, sqs, eventBridge, chime, model } = stack;
    const running = await startConsole({
      target: {
        stage: "local",
        table: String(model.tables[0]?.name),
        stack: "rollcall-dev",
        bus: String(model.buses[0]?.name),
        isDefault: false,
        region: "us-east-1",
        endpoints: {
          dynamodb: dynamo.url,
          sqs: await urlOf(sqs),
          eventBridge: await urlOf(eventBridge),
          directory: chime.url,
        },
      },
      directoryEndpoint: chime.url,
      by: "eve",
      policy: join(folder, "policy.yml"),
      // Where no roster was remembered.
      memory: join(folder, "roster.json"),
      port: 0,
      ...(live !== undefined && { live }),
    });
    consoles.push(running);
    return running;
  };
  let folder: string;
  let running: RunningConsole;
  let origin: string;
  const leavers = Array.from({ length: 8 }, (_, index) => `leaver-${index}`);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "rollcall-console-"));
    await writeFile(join(folder, "policy.yml"), `accounts: [{ id: ${team}, domains: [example.com] }]\n`);
    stack = await startTestStack({
      people: {
        team: [...leavers, "mover-1"].map((id) => ({
          id: `u-${id}`,
          email: `${id}@example.com`,
        })),
      },
      adjustPolicy: (policy) => ({ ...policy, safeguard: { suspensions: { atLeast: 2, percent: 1 } } }),
      timer: { now: () => now, after: () => () => undefined },
    });
    await publish(
      stack,
      ...leavers.map((id) => ({
        type: "EmployeeLeft" as const,
        id: `left-${id}`,
        data: { personId: id, email: `${id}@example.com` },
      })),
      {
        type: "LicenseChanged",
        id: "moved-1",
        data: { personId: "mover-1", email: "mover-1@example.com", licenseType: "ProTrial" },
      },
    );
    await publish(stack, {
      type: "LicenseChanged",
      id: hostile,
      data: { personId: `P ${hostile}`, email: "nobody@example.com", licenseType: hostile.slice(0, 60) },
    });
    await waitUntilIdle(stack);
    running = await start();
    origin = new URL(running.url).origin;
  });
  afterAll(async () => {
    await Promise.all(consoles.map(({ close }) => close()));
    await stack.close();
    await rm(folder, { recursive: true });
  });

  const signedIn = async (options: Parameters<ReturnType<typeof browser>["open"]>[1] = {}) => {
    const watched = await browser().open(origin, options);
    const page = await watched.context.newPage();
    await page.goto(running.url);
    await page.waitForURL(`${origin}/`);
    return { ...watched, page };
  };
  const hands: [string, Hand][] = [
    ["mouse", mouse],
    ["keyboard", keyboard],
  ];

  describe.each(hands)("with the %s alone", (name, hand) => {
    it("a mass leave is seen, three are ticked and released, and their timeline tells it to the end", async () => {
      const { context, page, faults } = await signedIn();
      await hand.press(page, "link", /Look at who is held/);
      const rows = page.getByRole("checkbox", { name: /of team-0001/ });
      const chosen = await rows.evaluateAll((boxes) =>
        boxes.slice(0, 3).map((box) => box.getAttribute("aria-label") ?? ""),
      );
      for (const label of chosen) await hand.press(page, "checkbox", label);
      await hand.type(page, "Reason", `HR confirms it, by ${name}`);
      await hand.press(page, "button", "Release…");
      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Release 3 people?");
      expect(await page.locator(".command code").textContent()).toMatch(
        /held release --stage local( --person leaver-\d){3} --because/,
      );
      await hand.press(page, "button", /^Release 3 people in/);
      await page.getByText("3 released").waitFor();
      now += 60_000;
      await stack.scheduler.tick();
      await waitUntilIdle(stack);
      const [id = ""] = chosen[0]?.split(" ") ?? [];
      await hand.press(page, "link", id);
      const steps = await page.locator(".steps li strong").allTextContents();
      expect([steps, stateOf(stack, team, `${id}@example.com`), faults]).toEqual([
        ["received", "held", "released", "received", "applied"],
        "Suspended",
        [],
      ]);
      await context.close();
    });
  });

  it("with the keyboard alone a dead letter is mended in a form, published and applied", async () => {
    const { context, page, faults } = await signedIn();
    await keyboard.press(page, "link", "Dead letters");
    await keyboard.press(page, "link", "moved-1");
    expect(await page.locator("pre").textContent()).not.toContain("mover-1@example.com");
    await keyboard.press(page, "button", "Edit and send");
    await keyboard.type(page, "data.licenseType (needed)", "Basic");
    await keyboard.type(page, "Reason", "a trial license in HR");
    await keyboard.press(page, "button", "Check");
    await keyboard.press(page, "button", /^Publish in/);
    await page.getByText("1 published, 1 discarded").waitFor();
    await waitUntilIdle(stack);
    await keyboard.press(page, "link", "mover-1");
    expect([await page.locator(".event h3").allTextContents(), faults]).toEqual([
      [expect.stringContaining("relicense applied"), expect.stringContaining("relicense discarded")],
      [],
    ]);
    await context.close();
  });

  it("a hostile text in an id, a reason and a license is shown, and nothing of it runs", async () => {
    const { context, page, faults } = await signedIn();
    for (const path of ["/dead-letters", "/", `/person?id=${encodeURIComponent(`P ${hostile}`)}`]) {
      await page.goto(origin + path);
      await page.getByText("onerror=alert").first().waitFor();
    }
    expect([await page.locator("img, script:not([src])").count(), faults]).toEqual([0, []]);
    await context.close();
  });

  it("an export is compared, and its events are downloaded, without a change", async () => {
    const { context, page, faults } = await signedIn();
    const rows = [...leavers, "mover-1", "joiner-1"].map((id) => `${id},${id}@example.com,Active`);
    const buffer = Buffer.from(["Employee_ID,Work_Email,Status", ...rows, ""].join("\n"));
    await mouse.press(page, "link", "Roster");
    await page.getByLabel("Export").setInputFiles({ name: "workers.csv", mimeType: "text/csv", buffer });
    await mouse.press(page, "button", /^Compare/);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("What workers.csv would change");
    await page.getByText("1 person to be given access").first().waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Download the events" }).click(),
    ]);
    const events = readFileSync(await download.path(), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const joiner = events.find(({ detail }) => detail.data.personId === "joiner-1");
    expect([joiner?.["detail-type"], joiner?.detail.metadata.origin, faults]).toEqual([
      "EmployeeHired",
      "roster",
      [],
    ]);
    await context.close();
  });

  it("a second tab is let in by the same address, and shows by itself what was done in the first", async () => {
    const { context, page, faults } = await signedIn();
    const second = await context.newPage();
    await second.goto(running.url);
    await second.waitForURL(`${origin}/`);
    const held = second.locator(".figure .number").first();
    const before = Number(await held.textContent());
    await page.goto(`${origin}/held`);
    await mouse.press(page, "checkbox", /of team-0001/);
    await mouse.type(page, "Reason", "a wrong feed");
    await mouse.press(page, "button", "Discard…");
    await mouse.press(page, "button", /^Discard 1 person in/);
    await page.getByText("1 discarded").waitFor();
    await expect.poll(async () => Number(await held.textContent())).toBe(before - 1);
    expect(faults).toEqual([]);
    await context.close();
  });

  it("more tabs than a browser has connections to a host are open, and all hear of news, whichever is closed", async () => {
    const listeners = new Set<() => void>();
    const subscribe = (onChange: () => void) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    };
    const pushing = await start({ kind: "push", subscribe });
    const { context } = await browser().open(new URL(pushing.url).origin);
    const tabs: Page[] = [];
    for (let tab = 0; tab < 7; tab += 1) {
      const page = await context.newPage();
      await page.goto(pushing.url, { timeout: 10_000 });
      await page.getByRole("heading", { name: "Now" }).waitFor({ timeout: 10_000 });
      tabs.push(page);
    }
    const [first, ...others] = tabs;
    await first?.close();
    await expect.poll(() => listeners.size).toBe(1);
    const reading = others.map((page) =>
      page.waitForRequest((request) => "x-rollcall-live" in request.headers()),
    );
    for (const listener of listeners) listener();
    expect(await Promise.all(reading)).toHaveLength(6);
    await context.close();
  });

  it("whoever has no token, or an old one, is told how to get in, and a page whose console has ended says so", async () => {
    const { context: stranger } = await browser().open(origin);
    const outside = await stranger.newPage();
    await outside.goto(`${origin}/held`);
    expect(await outside.getByRole("heading", { level: 1 }).textContent()).toBe(
      "Open the address that was printed",
    );
    await stranger.close();

    const other = await start();
    const { context } = await browser().open(new URL(other.url).origin);
    const page = await context.newPage();
    await page.goto(other.url);
    await page.getByRole("heading", { name: "Now" }).waitFor();
    await other.close();
    await page.getByText("The console has ended").waitFor();
    await context.close();
  });

  it("every page stands the accessibility rules in light, dark and forced colours, at 320 px and at 200 %", async () => {
    const { context, page, faults } = await signedIn();
    const paths = [
      "/",
      "/held",
      "/dead-letters",
      "/roster",
      "/coming",
      "/policy",
      "/targets",
      "/person?id=mover-1",
      "/nowhere",
    ];
    const looks = {
      light: () => page.emulateMedia({ colorScheme: "light", forcedColors: "none" }),
      dark: () => page.emulateMedia({ colorScheme: "dark", forcedColors: "none" }),
      forced: () => page.emulateMedia({ colorScheme: "light", forcedColors: "active" }),
      "320 px": () => narrow(page, 320),
      "200 %": () => narrow(page, 640),
    };
    const violations: string[] = [];
    for (const path of paths) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(origin + path);
      await page.evaluate(axe.source);
      for (const [look, apply] of Object.entries(looks)) {
        await apply();
        for (const found of await findViolations(page)) violations.push(`${path}, ${look}: ${found}`);
      }
    }
    expect(violations).toEqual([]);
    // Chromium tells of a page that is not there.
    expect(faults.filter((fault) => !fault.includes("404"))).toEqual([]);
    await context.close();
  });
});

/** Where a client of the embedded stack sends its requests. */
async function urlOf({ config }: SQSClient | EventBridgeClient): Promise<string> {
  const { protocol, hostname, port } = (await config.endpoint?.()) ?? {};
  return `${protocol}//${hostname}:${port}`;
}

async function narrow(page: Page, width: number): Promise<void> {
  await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
  await page.setViewportSize({ width, height: 900 });
}

async function findViolations(page: Page): Promise<string[]> {
  const found: unknown = await page.evaluate(`(async () => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    const sideways = document.documentElement.scrollWidth - innerWidth;
    return [
      ...violations.map(({ id, nodes }) => id + " at " + nodes.map(({ target }) => target).join(" and ")),
      ...(sideways > 0 ? ["scrolls sideways by " + sideways + " px"] : []),
    ];
  })()`);
  return Array.isArray(found) ? found.map(String) : ["no answer"];
}
