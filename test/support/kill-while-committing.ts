/** Runs the committing process on a store and kills it at a random moment, again and again. Used by the crash test and its soak script. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { openStore } from "../../src/store/open-store.js";
import type { Store } from "../../src/store/store.js";
import { seeAll } from "../../src/telemetry/visibility.js";
import { alertCycle, lastCycle } from "./alert-cycles.js";

const program = new URL("./commit-until-killed.js", import.meta.url).pathname;

/** One kill; the last cycle the process said was committed, 0 when it came to none. */
export async function killOnce(url: string, afterLines: number, thenMs: number): Promise<number> {
  const child = spawn(process.execPath, [program, url], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  let said = 0;
  let lines = 0;
  const reading = createInterface({ input: child.stdout });
  reading.on("line", (line) => {
    said = Number(line);
    lines++;
    if (lines === afterLines) setTimeout(() => child.kill("SIGKILL"), thenMs);
  });
  await closed;
  return said;
}

/**
 * What is wrong with a store after kills; [] when every cycle up to its last one is there once, whole and as it was written.
 * @param said the last cycle that was told to be committed
 */
export async function crashDamage(url: string, said: number): Promise<readonly string[]> {
  const store = await openStore({ url });
  try {
    return await damageOf(store, said);
  } finally {
    await store.close();
  }
}

async function damageOf(store: Store, said: number): Promise<readonly string[]> {
  const last = lastCycle(await store.alerts.load());
  const damage = last < said ? [`cycle ${said} was committed and the store ends with ${last}`] : [];
  const cycles = Array.from({ length: last }, (_, i) => alertCycle(i + 1));
  const incidents = new Map(cycles.flatMap((cycle) => cycle.incidents.map((one) => [one.id, one])));
  const ids = [...incidents.keys()];
  const stored = await store.alerts.incidentsById(ids, seeAll);
  const transitions = (await store.alerts.transitionsOf(ids)).flat();
  for (const [i, id] of ids.entries()) {
    const { acknowledged: _, silence: __, ...record } = stored[i] ?? { acknowledged: null, silence: null };
    if (JSON.stringify(record) !== JSON.stringify(incidents.get(id))) damage.push(`incident ${id} differs`);
  }
  const asText = (list: readonly { readonly objectiveId: string; readonly seq: number }[]) =>
    JSON.stringify(list.toSorted((a, b) => a.seq - b.seq || (a.objectiveId < b.objectiveId ? -1 : 1)));
  const expected = cycles.flatMap((cycle) => cycle.transitions);
  if (asText(transitions) !== asText(expected))
    damage.push(`${transitions.length} transitions, ${expected.length} expected`);
  const covered = await store.sliCounts.covered("s");
  const coversAll =
    last === 0 || (covered.length === 1 && covered[0]?.fromMs === 30_000 && covered[0].toMs >= (last + 1) * 30_000);
  return coversAll ? damage : [...damage, "counts of a committed cycle are missing"];
}
