// Two copies of Meshlens on one real PostgreSQL while alerts fire, each measuring half of the shards: the leading one is killed with
// SIGKILL at random, N times (default 100), the other one half as often, and the leading one paused for longer than its lease M times in
// between (default 20) and replaced, as a rolling upgrade does it, half as often. Transitions must be those of an undisturbed server, and
// each incident must be told to Slack as it is without disturbances: `npm run build && node scripts/soak-copies.mjs 100 20 15`; the
// third argument is how much faster than the machine's the story's clock runs; `usual` as the fourth one takes leases as they are outside
// of tests (8 s), for the time of a real failover. The real suite does the same a few times.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgres } from "../dist/test/real/backends/postgres.js";
import { startOwn } from "../dist/test/real/start-own.js";
import { sharedObjectives } from "../dist/test/support/cart-objectives.js";
import { playCopies, usualPace } from "../dist/test/support/copies/copies-story.js";
import { judgeCopies } from "../dist/test/support/copies/judge-copies.js";
import { serveStory } from "../dist/test/support/kill-a-server.js";

const [kills = 100, pauses = 20, speed = usualPace.speed] = process.argv.slice(2, 5).map(Number);
const hasUsualLeases = process.argv[5] === "usual";
const { periodMinutes } = usualPace;
const folder = await mkdtemp(join(tmpdir(), "meshlens-soak-copies-"));
const servers = [];
const [others, replaced] = [Math.round(kills / 2), Math.round(pauses / 2)];
const plan = [
  ...Array(kills).fill("KILL"),
  ...Array(others).fill("KILL_OTHER"),
  ...Array(pauses).fill("PAUSE"),
  ...Array(replaced).fill("REPLACE"),
]
  .map((kind) => ({ kind, at: Math.random() }))
  .sort((a, b) => a.at - b.at)
  .map(({ kind }) => ({ kind, afterMs: Math.random() * 4_000 }));

try {
  const url =
    process.env.MESHLENS_SOAK_URL ??
    (await startOwn(postgres, { folder, servers, signal: new AbortController().signal }));
  const story = await playCopies({
    url,
    speed,
    periodMinutes,
    hasUsualLeases,
    leastMinutes: periodMinutes,
    disturb: () => plan.shift() ?? null,
    say: (words) => console.log(words),
  });
  const { transitions } = await serveStory(story.minutes, () => null, periodMinutes, sharedObjectives);
  const wrong = judgeCopies(story, transitions);
  const sorted = story.failoversMs.toSorted((a, b) => a - b);
  const ms = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  console.log(
    `${story.kills} kills, ${story.pauses} pauses, ${story.replaced} replaced, ${story.minutes} minutes, ${transitions.length} transitions, ${story.told.length} incidents`,
  );
  console.log(`another copy leads after ${ms(0.5)} ms (median), ${ms(0.95)} ms (p95), ${ms(1)} ms (most)`);
  const waitedSeconds = Math.round(story.waitedMs / 1_000);
  console.log(
    `the story's clock waited ${waitedSeconds} s for evaluations, of ${Math.round((story.minutes * 60) / speed)} s`,
  );
  console.log(`each incident: ${story.told[0]}`);
  for (const one of wrong) console.error(one);
  process.exitCode = wrong.length === 0 ? 0 : 1;
  if (wrong.length === 0) console.log("transitions and messages are those of an undisturbed run");
} finally {
  await Promise.all(servers.map((server) => server.stop(5_000)));
  await rm(folder, { recursive: true, force: true });
}
