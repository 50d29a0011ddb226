import { expect, it, onTestFinished } from "vitest";
import { scimSampleAccount } from "../../../dev/sampleDay/sampleAccounts.ts";
import { startSampleScim } from "../../../dev/sampleDay/sampleScim.ts";

it("tells of a user who is created with a license both the access and the license, and of others the access alone", async () => {
  const { directory, parameters } = await startSampleScim({
    accounts: [{ ...scimSampleAccount, users: 0, suspended: 0 }],
  });
  onTestFinished(directory.close);
  const [token] = Object.values(parameters);
  for (const user of [{ userName: "ada@scim.example", userType: "Pro" }, { userName: "bob@scim.example" }])
    await fetch(`${directory.baseUrlOf(scimSampleAccount.id)}/Users`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json" },
      body: JSON.stringify({
        schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
        ...user,
        active: true,
        emails: [{ value: user.userName, primary: true }],
      }),
    });
  expect(directory.changes().map(({ address, aspect, result }) => [address, aspect, result])).toEqual([
    ["ada@scim.example", "access", "in"],
    ["ada@scim.example", "license", "Pro"],
    ["bob@scim.example", "access", "in"],
  ]);
});
