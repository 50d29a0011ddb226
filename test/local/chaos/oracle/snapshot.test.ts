import { describe, expect, it } from "vitest";
import { snapshot } from "../../../../src/local/chaos/oracle/snapshot.ts";
import { startTestChime } from "../../chime/testChime.ts";

const person = (email: string, accountId = "team") => ({
  personId: email,
  email: `${email}@${accountId}.example`,
  accountId,
});

describe("what the directory shows", () => {
  it("is in, out or absent, and a license", async () => {
    const { chime } = await startTestChime();
    chime.directory.addUser("team", {
      email: "new@team.example",
      registration: "Unregistered",
      invitation: "Pending",
    });
    chime.directory.addUser("team", {
      email: "odd@team.example",
      registration: "Unregistered",
      invitation: "Failed",
    });
    const people = ["ada", "alan", "new", "odd", "nobody"].map((name) => person(name));
    expect(Object.fromEntries(snapshot(chime.directory, people))).toEqual({
      ada: { access: "in", license: "Basic" },
      alan: { access: "out", license: "Basic" },
      new: { access: "in", license: "Basic" },
      odd: { access: "unregistered", license: "Basic" },
      nobody: { access: "absent", license: "absent" },
    });
  });
});
