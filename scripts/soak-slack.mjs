// Plays incidents whose messages to Slack meet every fault at every step while the process dies at random points, N times (default
// 5,000), then K times (default 40) with processes killed by SIGKILL: `npm run build && node scripts/soak-slack.mjs 5000 40`. Writes
// docs/reference/slack-delivery.md. Ends with 1 at the first message that is lost or out of order, or that stands there twice where
// Slack could have told. The unit suite does the same a few times.
import { writeFileSync } from "node:fs";
import { deliveryCalls, deliveryFaults, lookupCalls } from "../dist/test/support/slack/delivery-faults.js";
import { deliveryReport } from "../dist/test/support/slack/delivery-report.js";
import { planStory, playStory, storyModes } from "../dist/test/support/slack/delivery-story.js";
import { killADelivery } from "../dist/test/support/slack/kill-a-delivery.js";

const wanted = Number(process.argv[2] ?? 5_000);
const killed = Number(process.argv[3] ?? 40);
const out = process.argv[4] ?? new URL("../docs/reference/slack-delivery.md", import.meta.url);
const faults = Object.keys(deliveryFaults);
const steps = [...deliveryCalls, ...lookupCalls];

/** A course of chance that can be had again. */
let seed = Number(process.env.SEED ?? 1);
function random() {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

const runs = [];
for (let index = 0; index < wanted; index += 1) {
  // Seven of ten in the mode that promises most.
  const mode = storyModes[Math.max(0, (index % 10) - 6)];
  const cell = Math.floor(index / 10) * 7 + (index % 10);
  const fault = faults[cell % faults.length];
  const step = mode === "webhook" ? "webhook" : steps[Math.floor(cell / faults.length) % steps.length];
  const plan = planStory({ mode, fault, step, random });
  const verdict = await playStory(plan);
  runs.push({ mode, fault, step, ...verdict });
  const isDoubledInVain = mode === "bot" && verdict.doubled.length > 0;
  if (verdict.lost.length + verdict.disordered.length > 0 || isDoubledInVain) {
    console.error(JSON.stringify({ plan, verdict }));
    process.exit(1);
  }
  if (runs.length % 250 === 0) {
    const deaths = runs.reduce((sum, one) => sum + one.deaths, 0);
    const doubled = runs.reduce((sum, one) => sum + one.doubled.length, 0);
    console.log(`${runs.length} incidents, ${deaths} deaths: 0 lost, 0 out of order, ${doubled} twice`);
  }
}

const kills = [];
for (let index = 0; index < killed; index += 1) {
  const plan = Array.from({ length: 3 }, () =>
    random() < 0.7 ? { atStep: 1 + Math.floor(random() * 14) } : { afterMs: Math.floor(random() * 4_000) },
  );
  const verdict = await killADelivery(plan);
  kills.push(verdict);
  if (verdict.lost.length + verdict.disordered.length + verdict.doubled.length > 0) {
    console.error(JSON.stringify({ plan, verdict }));
    process.exit(1);
  }
}
console.log(`${killed} incidents told by processes killed ${kills.reduce((sum, one) => sum + one.kills, 0)} times`);
writeFileSync(out, deliveryReport(runs, kills));
