import { expect, it } from "vitest";
import { renderTable } from "../../../bench/report/renderReport.ts";

it("puts the first column to the left and the others to the right, each as wide as its widest cell", () => {
  expect(
    renderTable([
      ["", "calls", "wall"],
      ["Rollcall", "201", "1.20 s"],
      ["middy", "10,000"],
    ]),
  ).toEqual(["           calls    wall", "Rollcall     201  1.20 s", "middy     10,000"]);
});
