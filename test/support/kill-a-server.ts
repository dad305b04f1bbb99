/** Runs the serving process to its end, undisturbed or killed at random moments, and reads what its store says. Used by the crash test and its soak script. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { openStore } from "../../src/store/open-store.js";
import { seeAll } from "../../src/telemetry/visibility.js";
import { cartObjectives } from "./cart-objectives.js";

const program = new URL("./serve-until-killed.js", import.meta.url).pathname;

const configuration = `server: { port: 0, logLevel: silent }
slo: { files: [slo.yaml] }
store: { url: "file:FOLDER/meshlens.db" }
`;
/** What a store holds at the end: every transition, in order. */
export interface ServedStory {
  readonly transitions: readonly string[];
  readonly kills: number;
}

/** Plays the story until `minutes`; `killAfterMs` says how long the next process lives, null for as long as it likes. */
export async function serveStory(
  minutes: number,
  killAfterMs: () => number | null,
  periodMinutes = 40,
  objectives = cartObjectives,
): Promise<ServedStory> {
  const folder = await mkdtemp(join(tmpdir(), "meshlens-serve-"));
  try {
    const file = join(folder, "meshlens.yaml");
    await writeFile(file, configuration.replace("FOLDER", folder));
    await writeFile(join(folder, "slo.yaml"), objectives);
    let kills = 0;
    while (!(await serveOnce([file, String(minutes), String(periodMinutes)], killAfterMs()))) kills += 1;
    return { transitions: await storedTransitions(`file:${join(folder, "meshlens.db")}`), kills };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether it came to the end. Its life counts from its first step on, so that kills hit evaluations and not the start of Node. */
async function serveOnce(given: readonly string[], killAfterMs: number | null): Promise<boolean> {
  const child = spawn(process.execPath, [program, ...given], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  let isOver = false;
  let lines = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines += 1;
    isOver ||= line === "end";
    if (lines === 1 && killAfterMs !== null) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  });
  const [code] = (await closed) as [number | null];
  if (!isOver && code !== null) throw new Error(`the server ended by itself with ${code}`);
  return isOver;
}

async function storedTransitions(url: string): Promise<readonly string[]> {
  const store = await openStore({ url });
  try {
    const { incidents } = await store.alerts.incidents({ filter: {}, visibility: seeAll, first: 1000, after: null });
    const rows = (await store.alerts.transitionsOf(incidents.map(({ id }) => id))).flat();
    return rows.toSorted((a, b) => a.seq - b.seq).map((row) => JSON.stringify(row));
  } finally {
    await store.close();
  }
}
