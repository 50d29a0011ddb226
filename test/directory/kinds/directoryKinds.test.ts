import { describe, expect, it } from "vitest";
import { chimeKind } from "../../../src/directory/chime/chimeKind.ts";
import { answerOf } from "../../../src/directory/directory.ts";
import { type DirectoryKind, pipelineActions, readingActions } from "../../../src/directory/directoryKind.ts";
import {
  type AccountSettings,
  accountTypesFinder,
  guardedKindsOf,
  secretsOf,
} from "../../../src/directory/kinds/directoryKinds.ts";
import { openDirectories } from "../../../src/directory/kinds/openDirectories.ts";
import type { ScimProfileName } from "../../../src/policy/directorySettings.ts";
import { directoryActions } from "../../infra/directoryActions.ts";
import { credentials, startChimeWorld } from "../chime/chimeWorld.ts";

const types = ["Team", "EnterpriseLWA", "EnterpriseDirectory", "EnterpriseOIDC"];

function aScimAccount(id: string, profile: ScimProfileName) {
  const secret = `/rollcall/${profile}`;
  return { id, directory: { kind: "scim" as const, profile, baseUrl: `https://${id}.example/v2`, secret } };
}

describe("the kinds of directories", () => {
  it("an account that names no directory is at Chime", () => {
    const accounts = [{ id: "a" }, { id: "b" }];
    expect([guardedKindsOf(accounts), accountTypesFinder(accounts)("b").map(({ type }) => type)]).toEqual([
      [chimeKind],
      types,
    ]);
  });

  it("a service of SCIM is of one type, which its profile is, and AWS guards its secret alone", () => {
    const accounts = [aScimAccount("s", "slack"), aScimAccount("t", "slack"), aScimAccount("p", "pagerduty")];
    const typesOf = accountTypesFinder(accounts);
    const told = ["s", "p"].map((id) => typesOf(id).map(({ type, suspension }) => [type, suspension]));
    expect([guardedKindsOf(accounts), secretsOf(accounts), told]).toEqual([
      [],
      ["/rollcall/slack", "/rollcall/pagerduty"],
      [[["Slack", "reversible"]], [["PagerDuty", "deletes"]]],
    ]);
  });

  it("a service of which nothing is known deletes if the policy says so, and has a license where it says so", () => {
    const account = aScimAccount("g", "generic");
    const license = { path: "userType", shape: "text" } as const;
    const typesOf = (given: AccountSettings) =>
      accountTypesFinder([given])("g").map((type) => [
        type.suspension,
        answerOf(type, "reinstate", "remembered"),
        answerOf(type, "relicense", "active").kind,
      ]);
    const { directory } = account;
    expect([
      ...typesOf(account),
      ...typesOf({ ...account, suspension: "deletes", directory: { ...directory, license } }),
    ]).toEqual([
      ["reversible", { kind: "call", operation: "unsuspend" }, "reject"],
      ["deletes", { kind: "call", operation: "create" }, "call"],
    ]);
  });

  it("an account that the policy does not have is of no type", () => {
    expect(accountTypesFinder([{ id: "a" }])("b")).toEqual([]);
  });

  it.each(["onboard", "offboard", "reinstate", "relicense"] as const)(
    "the pipeline %s is allowed the calls by which any type of account carries it out",
    (intent) => {
      expect(pipelineActions(chimeKind, intent, [])).toEqual(directoryActions[intent]);
    },
  );

  it("leavers alone are signed out, and get a new PIN, where the policy asks for it", () => {
    const both = ["signOut", "resetPin"] as const;
    expect([
      pipelineActions(chimeKind, "offboard", both),
      pipelineActions(chimeKind, "onboard", both),
    ]).toEqual([
      [...directoryActions.offboard, "chime:LogoutUser", "chime:ResetPersonalPIN"],
      directoryActions.onboard,
    ]);
  });

  it("a directory that AWS does not guard needs no permission", () => {
    const { permissions: _, ...kind }: DirectoryKind = chimeKind;
    expect([pipelineActions(kind, "offboard", ["signOut"]), readingActions(kind)]).toEqual([[], []]);
  });
});

describe("openDirectories", () => {
  it("opens the accounts of the policy and no others, and is closed again", async () => {
    const { simulator, close: closeWorld } = await startChimeWorld(
      ["a", "b"].map((accountId) => ({ accountId, type: "Team" as const })),
      "one",
    );
    const { directory, close } = openDirectories([{ id: "a" }], {
      aws: { endpoint: simulator.url, credentials },
    });
    const budget = { milliseconds: 5000 };
    const answers = await Promise.allSettled(["a", "b"].map((id) => directory.getAccount(id, budget)));
    close();
    await closeWorld();
    expect(answers).toMatchObject([
      { status: "fulfilled", value: { accountId: "a", type: "Team" } },
      { status: "rejected", reason: { failure: { class: "configuration", code: "UnknownAccount" } } },
    ]);
  });
});
