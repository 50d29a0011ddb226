import { directoryContract } from "./directoryContract.ts";
import { fakeDirectory } from "./fakeDirectory.ts";

const throttled = { class: "throttled", message: "slow down" } as const;

directoryContract("the fake directory", async (accounts) => {
  const directory = fakeDirectory(accounts);
  return {
    directory,
    requests: () => directory.calls.length,
    throttleUser: (target) => {
      directory.faults.target = (candidate) =>
        candidate === target ? { ...throttled, code: "Throttled" } : undefined;
    },
    throttleCalls: () => {
      directory.faults.call = () => ({ ...throttled, code: "ThrottledClientException" });
    },
    close: async () => {},
  };
});
