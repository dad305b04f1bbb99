import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { crashDamage, killOnce } from "../support/kill-while-committing.js";

const kills = 24;

test("kill -9 at random moments loses no committed transition and doubles none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "meshlens-crash-"));
  const url = `file:${join(folder, "meshlens.db")}`;
  try {
    let said = 0;
    for (let kill = 0; kill < kills; kill++) {
      said = Math.max(said, await killOnce(url, 1 + Math.floor(Math.random() * 40), Math.random() * 5));
      expect(await crashDamage(url, said)).toEqual([]);
    }
    expect(said).toBeGreaterThan(kills);
  } finally {
    await rm(folder, { recursive: true });
  }
});
