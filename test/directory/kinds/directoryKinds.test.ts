import { describe, expect, it } from "vitest";
import { chimeKind } from "../../../src/directory/chime/chimeKind.ts";
import { type DirectoryKind, pipelineActions, readingActions } from "../../../src/directory/directoryKind.ts";
import { accountTypesFinder, kindsOf } from "../../../src/directory/kinds/directoryKinds.ts";
import { openDirectories } from "../../../src/directory/kinds/openDirectories.ts";
import { directoryActions } from "../../infra/directoryActions.ts";
import { credentials, startChimeWorld } from "../chime/chimeWorld.ts";

const types = ["Team", "EnterpriseLWA", "EnterpriseDirectory", "EnterpriseOIDC"];

describe("the kinds of directories", () => {
  it("an account that names no directory is at Chime", () => {
    const accounts = [{ id: "a" }, { id: "b" }, { id: "c", directory: { kind: "chime" as const } }];
    const typesOf = accountTypesFinder(accounts);
    expect([kindsOf(accounts), ...["a", "c"].map((id) => typesOf(id).map(({ type }) => type))]).toEqual([
      [chimeKind],
      types,
      types,
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
