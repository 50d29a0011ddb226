import { setTimeout as wait } from "node:timers/promises";
import { countOf } from "../../src/operations/words/plainWords.ts";
import { outage, throttling, type WorkerKiller } from "./devFaults.ts";
import type { DevKey } from "./devKeys.ts";
import { devPeople } from "./devPeople.ts";
import type { DevScreen } from "./devScreen.ts";
import { devSources, sampleRoster } from "./devSources.ts";
import type { DevStack } from "./devStack.ts";

/** All that can be tried on the stack by a key. */
export interface TryOut {
  keys: readonly DevKey[];
  /** @param file a roster's */
  storeRoster: (file: string) => Promise<string>;
  /** Lets events about anybody flow. @param perSecond 0 ends it */
  stream: (perSecond: number) => void;
  stop: () => void;
}

interface TryOutOptions {
  screen: DevScreen;
  killer: WorkerKiller;
  /** Called once the clock is ahead. */
  onLeap: () => Promise<void>;
}

const usualPerSecond = 2;

export function tryOut(stack: DevStack, { screen, killer, onLeap }: TryOutOptions): TryOut {
  const people = devPeople(stack);
  const sources = devSources(stack, stack.vendors, people);
  const say = (text: string) => screen.say(text, { style: "bold" });
  const throttle = throttling(stack.chime, say);
  const down = outage(stack.chime, say);
  let timer: NodeJS.Timeout | undefined;
  const stream = (perSecond: number) => {
    clearInterval(timer);
    timer = undefined;
    if (perSecond === 0) return;
    timer = setInterval(() => {
      people.decide().catch((error: unknown) => screen.say(String(error), { style: "red" }));
    }, 1000 / perSecond);
  };
  const keys: DevKey[] = [
    { key: "h", name: "hire", press: async () => [await people.hire()] },
    { key: "l", name: "leaver", press: async () => [await people.leave()] },
    { key: "m", name: "mass leave", press: async () => [await people.leaveEnMasse()] },
    { key: "w", name: "webhooks", press: () => sources.report() },
    { key: "r", name: "roster", press: async () => [await sources.storeRoster(sampleRoster)] },
    {
      key: "s",
      name: "stream",
      press: () => {
        const isOn = timer !== undefined;
        stream(isOn ? 0 : usualPerSecond);
        return [isOn ? "the stream of events has ended" : `events flow: ${usualPerSecond} a second`];
      },
    },
    { key: "t", name: "throttle", press: () => [throttle.toggle()] },
    { key: "x", name: "outage", press: () => [down.toggle()] },
    { key: "k", name: "kill worker", press: () => [killer.kill()] },
    { key: "+", name: "day later", press: async () => [await leapADay(stack, onLeap)] },
  ];
  return { keys, storeRoster: sources.storeRoster, stream, stop: () => stream(0) };
}

/** Sets the clock forward while nobody works, so that no lease ends under a call. */
async function leapADay({ clock, mappings }: DevStack, onLeap: () => Promise<void>): Promise<string> {
  const isAtWork = () => mappings.some((mapping) => mapping.activity().invocationsRunning > 0);
  for (let tries = 0; isAtWork(); tries += 1) {
    if (tries === 100) return "a function is at work, so that the clock cannot be set forward now: try again";
    await wait(100);
  }
  clock.leap(24);
  await onLeap();
  const days = clock.leaptHours() / 24;
  const date = new Date(clock.now()).toISOString().slice(0, 10);
  return `it is ${date} now, ${countOf(days, "day")} later; what is due follows within 10 s`;
}
