// Plays incidents whose messages to Slack meet every fault at every step while the process dies at random points, N times (default
// 5,000), then K times (default 40) with processes killed by SIGKILL: `npm run build && node scripts/soak-slack.mjs 5000 40`. Writes
// docs/reference/slack-delivery.md. Ends with 1 at the first message that is lost or out of order, or that stands there twice where
// Slack could have told. WORKERS says how many processes share the work (default 2). The unit suite does the same a few times.
import { fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import { deliveryCalls, deliveryFaults, lookupCalls } from "../dist/test/support/slack/delivery-faults.js";
import { deliveryReport } from "../dist/test/support/slack/delivery-report.js";
import { planStory, playStory, storyModes } from "../dist/test/support/slack/delivery-story.js";
import { killADelivery } from "../dist/test/support/slack/kill-a-delivery.js";

const [wanted, killed] = [Number(process.argv[2] ?? 5_000), Number(process.argv[3] ?? 40)];
const workers = Number(process.env.WORKERS ?? 2);
const share = process.env.SOAK_SHARE;
const faults = Object.keys(deliveryFaults);
const steps = [...deliveryCalls, ...lookupCalls];

/** The same chance for the same run, whoever plays it. */
function chanceOf(index) {
  let state = (index + 1) * 2_654_435_761;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const more = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((more ^ (more >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function playRun(index) {
  // Seven of ten in the mode that promises most.
  const mode = storyModes[Math.max(0, (index % 10) - 6)];
  const cell = Math.floor(index / 10) * 7 + (index % 10);
  const fault = faults[cell % faults.length];
  const step = mode === "webhook" ? "webhook" : steps[Math.floor(cell / faults.length) % steps.length];
  const plan = planStory({ mode, fault, step, random: chanceOf(index) });
  const run = { mode, fault, step, ...(await playStory(plan)) };
  const isDoubledInVain = mode === "bot" && run.doubled.length > 0;
  if (run.lost.length + run.disordered.length > 0 || isDoubledInVain) throw wrong(plan, run);
  return run;
}

async function playKilled(index) {
  const random = chanceOf(1_000_000 + index);
  const plan = Array.from({ length: 3 }, () =>
    random() < 0.7 ? { atStep: 1 + Math.floor(random() * 14) } : { afterMs: Math.floor(random() * 4_000) },
  );
  const told = await killADelivery(plan);
  if (told.lost.length + told.disordered.length + told.doubled.length > 0) throw wrong(plan, told);
  return told;
}

const wrong = (plan, came) => new Error(`${JSON.stringify(plan)} came to ${JSON.stringify(came)}`);

async function work(first) {
  for (let index = first; index < wanted; index += workers) process.send({ run: await playRun(index) });
  for (let index = first; index < killed; index += workers) process.send({ kill: await playKilled(index) });
  process.disconnect();
}

function say(runs) {
  const [deaths, twice] = [(one) => one.deaths, (one) => one.doubled.length].map((of) =>
    runs.reduce((sum, one) => sum + of(one), 0),
  );
  console.log(`${runs.length} incidents, ${deaths} deaths: 0 lost, 0 out of order, ${twice} twice`);
}

async function lead() {
  const [runs, kills] = [[], []];
  const ended = Array.from({ length: workers }, (_, first) => {
    const child = fork(new URL(import.meta.url), process.argv.slice(2), {
      env: { ...process.env, SOAK_SHARE: String(first) },
    });
    child.on("message", ({ run, kill }) => {
      if (kill !== undefined) kills.push(kill);
      else if (runs.push(run) % 250 === 0) say(runs);
    });
    return new Promise((resolve, reject) => {
      child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with ${code}`))));
    });
  });
  await Promise.all(ended);
  say(runs);
  console.log(`${killed} incidents told by processes killed ${kills.reduce((sum, one) => sum + one.kills, 0)} times`);
  writeFileSync(new URL("../docs/reference/slack-delivery.md", import.meta.url), deliveryReport(runs, kills));
}

if (share === undefined) await lead();
else await work(Number(share));
