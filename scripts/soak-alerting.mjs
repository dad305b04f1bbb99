// Kills a server at random moments while alerts fire and resolve, N times (default 200), and compares the transitions of its store with
// those of an undisturbed run: `npm run build && node scripts/soak-alerting.mjs 200`. The unit suite does the same a few times.
import { serveStory } from "../dist/test/support/kill-a-server.js";

const wanted = Number(process.argv[2] ?? 200);
const minutes = 60;
const { transitions: expected } = await serveStory(minutes, () => null);
let kills = 0;
for (let story = 1; kills < wanted; story += 1) {
  const { transitions, kills: more } = await serveStory(minutes, () => (kills >= wanted ? null : Math.random() * 120));
  kills += more;
  if (JSON.stringify(transitions) !== JSON.stringify(expected)) {
    throw new Error(`story ${story}, ${kills} kills: ${transitions.length} transitions, ${expected.length} expected`);
  }
  console.log(`${kills} kills: ${transitions.length} transitions, exactly those of an undisturbed run`);
}
