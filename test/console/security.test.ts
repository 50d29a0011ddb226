import { setTimeout } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { serveConsole } from "../../src/console/server/serveConsole.ts";
import { hiddenFields, type OpenConsole, openConsole, textOf, useConsoleBench } from "./consoleBench.ts";
import { consoleInMemory, readAndWrite } from "./consoleInMemory.ts";

const bench = useConsoleBench();
let open: OpenConsole;
beforeAll(async () => {
  await bench.hold([{ personId: "P-1" }]);
  open = await bench.start();
});

const form = { "Content-Type": "application/x-www-form-urlencoded" };
const statusOf = async (answer: Promise<{ status: number }>) => (await answer).status;

describe("who is let in", () => {
  it("only this computer can reach the console, and only by its own address", async () => {
    const { port } = new URL(open.origin);
    await expect(open.send("/", { address: "127.0.0.2" })).rejects.toThrow("ECONNREFUSED");
    const hosts = [
      `localhost:${port}`,
      `evil.example:${port}`,
      "127.0.0.1",
      `127.0.0.1.evil.example:${port}`,
    ];
    const statuses = await Promise.all(hosts.map((Host) => statusOf(open.send("/", { headers: { Host } }))));
    expect(statuses).toEqual([403, 403, 403, 403]);
  });

  it("without the cookie no page tells anything of the target", async () => {
    const paths = ["/", "/held", "/person?id=P-1", "/news", "/nowhere", "/?t=", "/?t=wrong", "/held?t=wrong"];
    const answers = await Promise.all(paths.map((path) => open.send(path, { headers: { Cookie: "" } })));
    expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 403));
    expect(answers.filter(({ body }) => /P-1|rollcall-dev|stage dev, at/.test(body))).toEqual([]);
  });

  it("the token has 256 bits, and is exchanged for a cookie that no script can read and no other site can use", async () => {
    const url = new URL(open.running.url);
    expect(Buffer.from(url.searchParams.get("t") ?? "", "base64url")).toHaveLength(32);
    const answer = await open.send(url.pathname + url.search, { headers: { Cookie: "" } });
    const [cookie = ""] = answer.headers["set-cookie"] ?? [];
    expect(cookie.replace(/=[^;]+/, "=VALUE")).toBe(
      `rollcall-${url.port}=VALUE; Path=/; HttpOnly; SameSite=Strict`,
    );
    expect(cookie).not.toContain(url.searchParams.get("t"));
    expect(answer.headers["referrer-policy"]).toBe("no-referrer");
    expect(await statusOf(open.get("/held"))).toBe(200);
  });

  it("every answer forbids what the pages do not need, and to keep it", async () => {
    const answers = [
      await open.get("/"),
      await open.get("/nowhere"),
      await open.send("/", { headers: { Host: "evil.example" } }),
      await open.send("/", { headers: { Cookie: "" } }),
      await open.get("/console.js"),
    ];
    const wanted = [
      "content-security-policy",
      "x-content-type-options",
      "cache-control",
      "x-frame-options",
    ] as const;
    const seen = new Set(answers.map(({ headers }) => JSON.stringify(wanted.map((name) => headers[name]))));
    expect([...seen].map((each) => JSON.parse(each))).toEqual([
      [
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "nosniff",
        "no-store",
        "DENY",
      ],
    ]);
  });
});

describe("what is sent", () => {
  const send = (path: string, headers: Record<string, string>, body = "") =>
    statusOf(open.send(path, { method: "POST", headers: { ...form, ...headers }, body }));

  it("a form of another site is refused, whatever it says of itself", async () => {
    const { origin } = open;
    const forged = [
      { Origin: "https://evil.example" },
      { Origin: "null" },
      { Origin: "" },
      { Origin: `${origin}.evil.example` },
      { Origin: origin.replace("http:", "https:") },
      { "Sec-Fetch-Site": "cross-site" },
      { "Sec-Fetch-Site": "same-site" },
      { "Sec-Fetch-Site": "none" },
      { "Sec-Fetch-Site": "" },
    ];
    const statuses = await Promise.all(forged.map((headers) => send("/held/decide", headers)));
    expect(statuses).toEqual(forged.map(() => 403));
  });

  it("a form without its token, or with that of another form, does nothing", async () => {
    const page = await open.get("/held");
    const { token: other = "" } = hiddenFields(page.body, "/find");
    expect(other).not.toBe("");
    const bodies = [
      "",
      "token=",
      "token=a.b.c",
      `token=${other}`,
      `token=${other.replace(/\.\d+\./, ".99999999999999.")}`,
    ];
    const statuses = await Promise.all(bodies.map((body) => send("/held/decide", {}, body)));
    expect(statuses).toEqual(bodies.map(() => 403));
    expect(await bench.held()).toEqual(["P-1"]);
  });

  it("a form that was sent before does nothing the second time", async () => {
    await bench.hold([{ personId: "P-2" }]);
    const list = await open.get("/held?person=P-2");
    const because = "HR confirms it";
    const review = await open.submit(list, "/held/review", { scope: "all", action: "release", because });
    const first = await open.submit(review, "/held/decide", {});
    const second = await open.submit(review, "/held/decide", {});
    expect([first.status, second.status, textOf(second)]).toEqual([
      303,
      409,
      expect.stringContaining("good once"),
    ]);
  });

  it("only GET reads and only POST changes", async () => {
    const methods = ["PUT", "DELETE", "PATCH", "OPTIONS"];
    expect(await Promise.all(methods.map((method) => statusOf(open.send("/held", { method }))))).toEqual([
      404, 404, 404, 404,
    ]);
    expect(await statusOf(open.get("/held/decide"))).toBe(404);
  });

  it("a form that is larger than any of the console's is not read", async () => {
    expect(await send("/find", {}, `token=${"x".repeat(2_000_000)}`)).toBe(413);
  });
});

describe("over AWS", () => {
  const acts = [
    "/held/decide",
    "/safeguard/reset",
    "/safeguard/allow",
    "/dead-letters/decide",
    "/dead-letters/publish",
    "/person/sign-out",
    "/person/reset-pin",
    "/roster/sync",
  ];
  const caller = { account: "123456789012", caller: "arn:aws:iam::123456789012:user/eve" };

  it("it only reads, unless it was started to write", async () => {
    const target = { ...bench.target(), ...caller };
    const reading = await bench.start({ target });
    const page = await reading.get("/held?person=P-1");
    expect(textOf(page)).toContain("only reads, because its target is in AWS");
    expect(page.body).not.toContain("Release…");
    const answers = await Promise.all(
      acts.map((path) => reading.send(path, { method: "POST", headers: form, body: "token=x" })),
    );
    expect(answers.map((answer) => [answer.status, textOf(answer).includes("--allow-writes")])).toEqual(
      acts.map(() => [403, true]),
    );
    const writing = await bench.start({ target, allowWrites: true });
    expect((await writing.get("/held?person=P-1")).body).toContain("Release…");
  });

  it("a target of which one service is on this computer is in AWS too", async () => {
    const { dynamodb = "", ...others } = bench.target().endpoints;
    for (const endpoints of [{ dynamodb }, { dynamodb, ...others, sqs: "https://sqs.example" }]) {
      const reading = await bench.start({ target: { ...bench.target(), endpoints } });
      expect(textOf(await reading.get("/held?person=P-1"))).toContain("only reads");
    }
  });
});

it("an act that is under way is not stopped, however long nobody uses the console", async () => {
  const { ports, hold, held } = consoleInMemory();
  // More than are decided at once.
  await hold(Array.from({ length: 40 }, (_, index) => ({ personId: `I-${index}` })));
  let goOn = () => {};
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const discard: typeof ports.held.discard = (...decision) =>
    gate.then(() => ports.held.discard(...decision));
  const idleMilliseconds = 500;
  const running = await serveConsole({
    ...readAndWrite,
    ports: { ...ports, held: { ...ports.held, discard } },
    port: 0,
    idleMilliseconds,
  });
  const { get, submit } = await openConsole(running);
  const fields = { scope: "all", action: "discard", because: "a wrong feed" };
  await submit(await submit(await get("/held"), "/held/review", fields), "/held/decide", {});
  const waited = await Promise.race([running.ended, setTimeout(1.5 * idleMilliseconds, "under way")]);
  goOn();
  expect([waited, await running.ended, held()]).toEqual(["under way", "idle", []]);
});

it("it ends when nobody has used it for some time; a page that reads itself again is nobody", async () => {
  const idleMilliseconds = 500;
  const { running, send } = await bench.start({ idleMilliseconds });
  const live = { headers: { "X-Rollcall-Live": "1" } };
  const reading = setInterval(() => void send("/icon.svg", live).catch(() => undefined), 50);
  let lastUse = 0;
  for (let use = 0; use < 3; use += 1) {
    await setTimeout(idleMilliseconds / 2);
    lastUse = performance.now();
    expect(await statusOf(send("/acts/none"))).toBe(400);
  }
  const ended = await Promise.race([running.ended, setTimeout(60_000, "still there", { ref: false })]);
  clearInterval(reading);
  expect([ended, performance.now() - lastUse >= idleMilliseconds]).toEqual(["idle", true]);
  await expect(send("/")).rejects.toThrow();
});

it("how times are told is chosen by whoever opens a page, and not by a page that reads itself again", async () => {
  const chosen = await open.send("/?times=utc");
  const again = await open.send("/?times=utc", { headers: { "X-Rollcall-Live": "1" } });
  expect([chosen, again].map(({ headers }) => headers["set-cookie"]?.length)).toEqual([1, undefined]);
});

it("addresses are masked, and shown one person at a time to whoever asks", async () => {
  const page = await open.get("/person?id=P-1");
  expect([page.body.includes("p-1@example.com"), textOf(page).includes("p***@example.com")]).toEqual([
    false,
    true,
  ]);
  const revealed = await open.submit(page, "/person/reveal", {});
  expect(textOf(revealed)).toContain("p-1@example.com");
});
