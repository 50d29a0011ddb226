// Loaded into the functions' processes before their bundles (`functionDisturbance.ts`).
import { readFileSync } from "node:fs";

const { CHAOS_CLOCK_FILE: clockFile, CHAOS_DEADLY_TEXT: deadlyText } = process.env;

if (clockFile !== undefined) setAhead(clockFile);
if (deadlyText !== undefined) dieOf(deadlyText);

/**
 * Sets this process's clock ahead by the milliseconds that the file holds.
 *
 * @param {string} file
 */
function setAhead(file) {
  const System = Date;
  const systemNow = System.now;
  const readEachMilliseconds = 50;
  let ahead = 0;
  let readAt = Number.NEGATIVE_INFINITY;
  const now = () => {
    const at = performance.now();
    if (at - readAt >= readEachMilliseconds) {
      readAt = at;
      ahead = Number(readFileSync(file, "utf8"));
    }
    return systemNow() + ahead;
  };
  System.now = now;
  globalThis.Date = new Proxy(System, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  });
}

/**
 * Kills this process when it parses a text with these characters, as a record does that meets a defect of the runtime.
 *
 * @param {string} deadly
 */
function dieOf(deadly) {
  const parse = JSON.parse;
  JSON.parse = (text, reviver) => {
    if (String(text).includes(deadly)) process.kill(process.pid, "SIGKILL");
    return parse(text, reviver);
  };
}
