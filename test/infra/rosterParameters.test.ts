import { describe, expect, it } from "vitest";
import { toRosterParameters } from "../../src/infra/rosterParameters.ts";

const none = { rosterBucket: "", rosterKey: "", rosterSync: "", rosterRate: "" };
const given = { ...none, rosterBucket: "acme-hr", rosterKey: "exports/workers.csv" };

describe("the parameters of a roster", () => {
  it("are none, or a place that is looked at every hour and only reported on", () => {
    expect([toRosterParameters(none), toRosterParameters(given)]).toEqual([
      undefined,
      { bucket: "acme-hr", key: "exports/workers.csv", sync: false, rate: "rate(1 hour)", rateSeconds: 3600 },
    ]);
  });

  it.each([
    ["rate(15 minutes)", 900],
    ["rate(1 hour)", 3600],
    ["rate(12 hours)", 43_200],
  ])("may tell to act, at %s", (rosterRate, rateSeconds) => {
    expect(toRosterParameters({ ...given, rosterSync: "true", rosterRate })).toMatchObject({
      sync: true,
      rate: rosterRate,
      rateSeconds,
    });
  });

  it.each([
    [
      { ...none, rosterBucket: "acme-hr" },
      "expected rosterBucket and rosterKey together; got rosterBucket alone",
    ],
    [{ ...none, rosterSync: "true" }, "got rosterSync alone"],
    [{ ...given, rosterBucket: "s3://acme" }, 'such as acme-hr; got "s3://acme"'],
    [
      { ...given, rosterKey: "exports/*" },
      'without *, ? and $, such as exports/workers.csv; got "exports/*"',
    ],
    [{ ...given, rosterKey: "a$b" }, "without *, ? and $"],
    [{ ...given, rosterSync: "yes" }, 'expected rosterSync to be true or false; got "yes"'],
    [{ ...given, rosterRate: "1 hour" }, "rate(15 minutes) to rate(12 hours)"],
    [{ ...given, rosterRate: "rate(1 hours)" }, "the singular for 1"],
    [{ ...given, rosterRate: "rate(60 minute)" }, "the plural for more"],
    [{ ...given, rosterRate: "rate(14 minutes)" }, "rate(15 minutes) to"],
    [{ ...given, rosterRate: "rate(1 day)" }, "may be looked at every hour"],
  ])("%j are refused when packaging", (parameters, message) => {
    expect(() => toRosterParameters(parameters)).toThrow(message);
  });
});
