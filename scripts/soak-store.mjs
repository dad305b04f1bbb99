// Kills a process that commits alert cycles at random moments, N times (default 500), and checks the store after each kill:
// `npm run build && node scripts/soak-store.mjs 500`. The unit suite does the same 24 times.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crashDamage, killOnce } from "../dist/test/support/kill-while-committing.js";

const kills = Number(process.argv[2] ?? 500);
const folder = await mkdtemp(join(tmpdir(), "meshlens-soak-"));
const url = `file:${join(folder, "meshlens.db")}`;
let said = 0;
try {
  for (let kill = 1; kill <= kills; kill++) {
    said = Math.max(said, await killOnce(url, 1 + Math.floor(Math.random() * 40), Math.random() * 5));
    const damage = await crashDamage(url, said);
    if (damage.length > 0) throw new Error(`after kill ${kill}: ${damage.join("; ")}`);
    if (kill % 50 === 0 || kill === kills) console.log(`${kill} kills, ${said} cycles committed, none lost or doubled`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
