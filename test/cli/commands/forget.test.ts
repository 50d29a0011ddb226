import { beforeAll, describe, expect, it } from "vitest";
import { farDay, useLedgerBench } from "./ledgerBench.ts";

const bench = useLedgerBench();
const because = ["--because", "request 17", "--by", "grace"];

describe("rollcall forget", () => {
  beforeAll(async () => {
    await bench.settle({ eventId: "hr-1", minute: 0, personId: "P-1" });
    await bench.putOff({ eventId: "hr-2", minute: 1, personId: "P-2" }, farDay);
  });

  it("asks nobody where there is nobody to ask, and forgets nobody", async () => {
    const { exitCode, stderr } = await bench.run(["forget", "P-1", ...because]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr:
        "error: standard input is no terminal, so nobody can be asked: add --yes to forget without a question; nobody was forgotten\n",
    });
  });

  it("forgets a person, of whom nothing is known after that, and names nobody", async () => {
    const forgotten = await bench.run(["forget", "P-1", ...because, "--yes"]);
    expect(forgotten).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/^Forgotten: 2 items deleted in TARGET\./),
      stderr: "",
    });
    expect(forgotten.stdout).not.toContain("P-1");
    expect(await bench.run(["history", "P-1"])).toMatchObject({ exitCode: 1, stdout: "" });
  });

  it("forgets nobody about whom a decision waits", async () => {
    const { exitCode, stderr } = await bench.run(["forget", "P-2", ...because, "--yes"]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr:
        "error: 1 decision about the person waits or is held, and would never be carried out. Nobody was forgotten. See which: rollcall pending TARGET, or rollcall held list TARGET\n",
    });
  });
});
