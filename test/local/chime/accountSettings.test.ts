import { describe, expect, it } from "vitest";
import { startTestChime } from "./testChime.ts";

describe("the settings of an account", () => {
  it("change one at a time, and only on that account", async () => {
    const { client } = await startTestChime();
    await client.updateAccountSettings({
      AccountId: "team",
      AccountSettings: { DisableRemoteControl: true },
    });
    await client.updateAccountSettings({ AccountId: "team", AccountSettings: { EnableDialOut: false } });
    const team = await client.getAccountSettings({ AccountId: "team" });
    const lwa = await client.getAccountSettings({ AccountId: "lwa" });
    expect([team.AccountSettings, lwa.AccountSettings]).toEqual([
      { DisableRemoteControl: true, EnableDialOut: false },
      { DisableRemoteControl: false, EnableDialOut: true },
    ]);
  });
});
