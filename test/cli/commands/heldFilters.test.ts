import { expect, it } from "vitest";
import { useHeldBench } from "./heldBench.ts";

const bench = useHeldBench();

it("held suspensions are chosen by several people, accounts, patterns, departments and the rule", async () => {
  await bench.hold([
    { personId: "P-1", attributes: { department: "Sales North", company: "Acme" } },
    { personId: "P-2", attributes: { department: "Sales South" }, rule: "SuspensionLatch" },
    { personId: "Q-3", accountId: "lwa-0001", attributes: { department: "Works" } },
    { personId: "Q-4" },
  ]);
  const listed = async (...filter: string[]) => {
    const { stdout } = await bench.run(["held", "list", "--json", ...filter]);
    return JSON.parse(stdout)
      .held.map(({ personId }: { personId: string }) => personId)
      .sort();
  };
  expect({
    people: await listed("--person", "P-1", "--person", "q-4@example.com"),
    pattern: await listed("--person", "Q-*"),
    accounts: await listed("--account", "team-0001", "--account", "lwa-0001"),
    department: await listed("--department", "sales*"),
    departments: await listed("--department", "Works", "--department", "*North"),
    attribute: await listed("--attribute", "company=Acme", "--department", "sales*"),
    rule: await listed("--rule", "latch"),
  }).toEqual({
    people: ["P-1", "Q-4"],
    pattern: ["Q-3", "Q-4"],
    accounts: ["P-1", "P-2", "Q-3", "Q-4"],
    department: ["P-1", "P-2"],
    departments: ["P-1", "Q-3"],
    attribute: ["P-1"],
    rule: ["P-2"],
  });
});
