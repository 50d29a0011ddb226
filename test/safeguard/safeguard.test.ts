import { memorySafeguardStore } from "../../src/safeguard/safeguard.ts";
import { safeguardContract } from "./safeguardContract.ts";

safeguardContract("the safeguard in memory", async () => ({
  store: memorySafeguardStore(),
  close: async () => undefined,
}));
