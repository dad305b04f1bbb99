import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../src/store/open-store.js";
import { describeStore } from "../contract/store.contract.js";

describeStore("SQLite in a file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "meshlens-store-"));
  return {
    open: (tiers) => openStore({ url: `file:${join(folder, "meshlens.db")}`, ...(tiers && { tiers }) }),
    clear: () => rm(folder, { recursive: true }),
  };
});

describeStore(
  "SQLite in memory",
  async () => ({
    open: (tiers) => openStore({ url: ":memory:", ...(tiers && { tiers }) }),
    clear: async () => {},
  }),
  false,
);
