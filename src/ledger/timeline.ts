import type { Intent } from "../pipelineSettings.ts";
import { compareByDecision, compareByEffect, isSameEvent, partsOf, type Versioned } from "./version.ts";

/** A decision that the head remembers, because another one may yet depend on it. */
export interface Known extends Versioned {
  /** It waits for its day. Of decisions that came into effect it is left out. */
  waitsAs?: Intent;
  /** A return that calls off every leave which was decided before. */
  callsOff?: true | undefined;
  /** Of the one that stands. */
  as?: "applied" | "rejected";
}

/** A decision that is asked about. */
export interface Asked extends Known {
  intent?: Intent | undefined;
}

/**
 * Finds the decision that supersedes the one asked about; `undefined` if there is none. The answer depends on the set of
 * decisions that are known, and not on the order in which they came.
 *
 * 1. A decision counts from when it takes effect, so one that came into effect later stands over it. A return in March leaves a
 *    leave alone that is announced for December.
 * 2. Whoever leaves is let in by nothing that was decided before: neither by a planned return nor by a hire that is still to come.
 * 3. A leave that was called off is void.
 * 4. A leave that HR brought forward has happened.
 * 5. A leave that HR put off has not: "leaves today" gives way to "leaves in July". So does a hire to a later one.
 *
 * Of decisions about licenses each names another license, so only the first rule is for them; and a license that follows from a
 * decision about access gives way to whatever HR named later.
 *
 * @param now milliseconds since the epoch
 */
export function findSuperseding<K extends Known>(
  asked: Asked,
  known: readonly K[],
  now: number,
): K | undefined {
  const others = known.filter(({ version }) => !isSameEvent(version, asked.version));
  if (others.length === 0) return undefined;
  const newer = findNewer(asked, others);
  if (newer !== undefined) return newer;
  const all = [...others, asked];
  const stood = others.find((other) => other.as === "applied" && bringsForward(other, asked, all));
  if (isLeave(asked) && stood !== undefined) return stood;
  return others.find(
    (other) =>
      other.waitsAs !== undefined &&
      partsOf(other.version).from > now &&
      (isLeave(asked) || (other.waitsAs === asked.intent && isPlanned(asked))) &&
      putsOff(other, asked, all),
  );
}

/**
 * Finds the decision in effect that is newer than the one asked about, by the first three rules. Of several decisions there is
 * always one than which none is newer (`newestOf`), so nobody waits in a circle for those that are being carried out.
 */
export function findNewer<K extends Known>(asked: Asked, others: readonly K[]): K | undefined {
  const inEffect = others.filter(({ waitsAs }) => waitsAs === undefined);
  const all = [...inEffect, asked];
  return (
    latest(inEffect.filter((other) => compareByEffect(other, asked) > 0 && !isVoid(other, all))) ??
    inEffect.find((other) => annuls(other, asked))
  );
}

const isLeave = ({ version }: Versioned) => partsOf(version).isLeave;

/** Somebody who is to be let in at once is not kept waiting for a planned return. */
function isPlanned({ version }: Versioned): boolean {
  const { decided, effective } = partsOf(version);
  return effective > decided;
}

/**
 * Whether a decision makes void what was decided before it: a leave what would let the person in, a return the leave that it calls
 * off, and HR's own license one that follows from something else.
 */
function annuls(other: Known, decision: Versioned): boolean {
  const mayAnnul = isLeave(decision)
    ? other.callsOff === true
    : isLeave(other) || (isFollowUp(decision) && !isFollowUp(other));
  return mayAnnul && compareByDecision(other, decision) > 0;
}

/** The id of a follow-up begins like this. HR's own license stands over one that follows from a decision of the same time. */
export const followUpPrefix = "#license:";
const isFollowUp = ({ version }: Versioned) => partsOf(version).id.startsWith(followUpPrefix);

export function isVoid(decision: Versioned, known: readonly Known[]): boolean {
  return known.some((other) => other.waitsAs === undefined && annuls(other, decision));
}

/** Whether a leave that took place was decided later than one that is announced for a later day, with no return in between. */
function bringsForward(other: Known, asked: Known, known: readonly Known[]): boolean {
  return isLeave(other) && compareByDecision(other, asked) > 0 && !isInterrupted(other, asked, known);
}

/** Whether a decision that waits is the same one for a later day, with none of the other sort in between. */
function putsOff(other: Known, asked: Known, known: readonly Known[]): boolean {
  return (
    isLeave(other) === isLeave(asked) &&
    compareByDecision(other, asked) > 0 &&
    compareByEffect(other, asked) > 0 &&
    !isVoid(other, known) &&
    !isInterrupted(asked, other, known)
  );
}

/** Whether a decision of the other sort lies between two. */
function isInterrupted(from: Known, to: Known, known: readonly Known[]): boolean {
  return known.some(
    (between) =>
      isLeave(between) !== isLeave(from) &&
      compareByEffect(between, from) > 0 &&
      compareByEffect(between, to) < 0 &&
      !isVoid(between, known),
  );
}

function latest<K extends Versioned>(decisions: readonly K[]): K | undefined {
  return decisions.reduce<K | undefined>(
    (newest, each) => (newest === undefined || compareByEffect(each, newest) > 0 ? each : newest),
    undefined,
  );
}

/** The decision of several that stands, all of them in effect. */
export function newestOf<D extends Asked>(decisions: readonly [D, ...D[]]): D {
  return latest(decisions.filter((each) => !isVoid(each, decisions))) ?? decisions[0];
}

/** So many are remembered beside the one that stands. Hardly anybody has more than two. */
const mostKnown = 40;

/**
 * The decisions that have to be remembered beside the one that stands. One that another stands over both by its effect and by
 * when it was decided can matter no more, but for the last leave, which goes on barring what was decided before it, and the last
 * return that called leaves off. One whose day has come puts nothing off any more.
 *
 * @param now milliseconds since the epoch
 */
export function toRemember(
  known: readonly Known[],
  settled: Known | undefined,
  now: number,
): readonly Known[] {
  const all = settled === undefined ? known : [settled, ...known];
  const kept = known.filter((one, index) => {
    if (settled !== undefined && isSameEvent(one.version, settled.version)) return false;
    if (known.findIndex(({ version }) => isSameEvent(version, one.version)) < index) return false;
    if (one.waitsAs !== undefined) return partsOf(one.version).from > now;
    const over = all.filter((other) => other.waitsAs === undefined && compareByDecision(other, one) > 0);
    if (one.callsOff && !over.some(({ callsOff }) => callsOff)) return true;
    if (isLeave(one) && !over.some(isLeave)) return true;
    return !over.some((other) => compareByEffect(other, one) > 0);
  });
  return kept.length <= mostKnown
    ? kept
    : kept.toSorted((a, b) => compareByDecision(b, a)).slice(0, mostKnown);
}
