import type { ConsolePorts } from "../../src/console/consolePorts.ts";
import { createConsoleApp } from "../../src/console/server/consoleApp.tsx";
import { cookieName } from "../../src/console/server/security.ts";
import { memoryLedger, memoryStore } from "../../src/ledger/memory/memoryLedger.ts";
import {
  memoryDiscards,
  memoryHeldDecisions,
  memoryPendingStore,
  memoryRedrives,
} from "../../src/ledger/memory/memoryPorts.ts";
import { memorySafeguardStore } from "../../src/safeguard/safeguard.ts";
import { type HeldPerson, holdIn } from "../cli/commands/heldBench.ts";
import { clientOf } from "./consoleBench.ts";

/** How the console is served where everything may be changed. */
export const readAndWrite = {
  live: { kind: "poll", everySeconds: 2 },
  readOnly: undefined,
  startCommand: "rollcall console",
} as const;

/** What the console asks, over a ledger in memory. */
export function consoleInMemory() {
  const store = memoryStore();
  const ports: ConsolePorts = {
    target: { text: "stage local", stage: "local", caller: undefined, isLocal: true },
    table: "ledger",
    stack: "stack",
    history: {
      ofPerson: async () => undefined,
      peopleAt: async () => [],
      async *between() {},
      async *latest() {},
    },
    pending: memoryPendingStore(store),
    held: memoryHeldDecisions(store),
    safeguard: memorySafeguardStore(),
    pauses: { list: async () => [] },
    queues: { read: async () => [] },
    openDeadLetterQueues: async () => [],
    discards: memoryDiscards(store, Date.now),
    redrives: memoryRedrives(store),
    publishOne: async () => ({ kind: "refused", message: "there is no bus" }),
    now: Date.now,
    databaseNow: Date.now,
    actor: { kind: "known", name: "eve" },
    loadPolicy: () => ({ kind: "loaded", policy: undefined }),
    readPolicy: () => ({ kind: "none" }),
    withDirectories: () => Promise.reject(new Error("there is no directory")),
    acts: { record: async () => {} },
    rosterAddresses: () => ({ recall: async () => new Map(), isOwn: async () => true }),
    rosterMemory: { recall: async () => undefined, remember: async () => {} },
    publishAll: async () => ({ kind: "refused", message: "there is no bus" }),
    explainFailure: String,
    commandLine: (command, { options = {}, ids = [] } = {}) =>
      ["rollcall", command, JSON.stringify(options), ...ids].join(" "),
  };
  return {
    ports,
    hold: (people: readonly HeldPerson[]) =>
      holdIn({ ledger: memoryLedger(store), pending: memoryPendingStore(store) }, people),
    held: () =>
      [...store.pending.values()].filter(({ because }) => because === "held").map(({ personId }) => personId),
  };
}

/** The console's pages over a ledger in memory, and without a server. */
export function openConsoleInMemory(own: Partial<ConsolePorts> = {}) {
  const { ports, hold, held } = consoleInMemory();
  const defence = { host: "127.0.0.1:4747", token: "token", session: "session" };
  const { app } = createConsoleApp(
    { ...readAndWrite, ports: { ...ports, ...own } },
    { defence, assets: { css: "", js: "", icon: "" }, onUse: () => {} },
  );
  const open = clientOf({
    origin: `http://${defence.host}`,
    cookie: `${cookieName(defence)}=${defence.session}`,
    send: async (path, { method = "GET", headers = {}, body = "" }) => {
      const given = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
      const answer = await app.request(`http://${defence.host}${path}`, {
        method,
        headers: Object.fromEntries([["Host", defence.host], ...given]),
        ...(method !== "GET" && { body }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: Object.fromEntries(answer.headers), body: text };
    },
  });
  return { open, hold, held };
}
