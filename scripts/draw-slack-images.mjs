// Draws docs/images/slack-*.png: what Slack is told of scenarios of the demo, as `meshlens slack preview` shows it, wide and on a phone.
// Needs Chromium: `npm run build && node scripts/draw-slack-images.mjs`. Look at what it drew.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChromium } from "../dist/test/support/chromium.js";
import { playScenario } from "../dist/test/support/slack/play-scenario.js";

const root = new URL("../", import.meta.url).pathname;
/** Which messages are shown, in the order in which they were sent. */
const pictures = [
  { scenario: "ratings-delay", kinds: [/-evidence-\d+-(anchor|picture|chart)-/], to: "slack-ratings-delay" },
  { scenario: "ratings-delay", kinds: [/-resolved-/], to: "slack-resolved" },
  { scenario: "crashloop", kinds: [/-evidence-\d+-anchor-/], to: "slack-crashloop" },
  { scenario: "rbac-denied", kinds: [/-evidence-\d+-anchor-/], to: "slack-rbac-denied" },
  { scenario: "storm", kinds: [/-anchor-/], to: "slack-storm" },
];
const width = 1_160;
const folder = mkdtempSync(join(tmpdir(), "meshlens-slack-images-"));
const browser = await startChromium("chromium");
const pages = new Map();

/** The page of a scenario's first incident; of a storm, of its message when its evidence was there. */
async function pageOf(scenario) {
  const store = `file:${join(folder, `${scenario}.db`)}`;
  const { sent } = await playScenario(scenario, store);
  const page = join(folder, `${scenario}.html`);
  const meshlens = (...args) => execFileSync(process.execPath, [join(root, "dist/src/cli/main.js"), ...args]);
  const storms = sent.filter(({ incidentId, payload }) => incidentId === null && payload.kind === "anchor");
  if (storms.length > 0) {
    const file = join(folder, `${scenario}-anchor-.json`);
    writeFileSync(file, JSON.stringify(storms.at(1).payload.message));
    meshlens("slack", "preview", file, "--out", page);
    return page;
  }
  const config = join(folder, `${scenario}.yaml`);
  const slo = join(root, "test/fixtures/slack-scenarios/slo.yaml");
  writeFileSync(config, `slo: { files: ["${slo}"] }\nstore: { url: "${store}" }\n`);
  meshlens("slack", "preview", sent[0].incidentId, "--config", config, "--out", page);
  return page;
}

try {
  for (const { scenario, kinds, to } of pictures) {
    if (!pages.has(scenario)) pages.set(scenario, await pageOf(scenario));
    const { page } = browser;
    await page.resize(width, 400);
    await page.open(`file://${pages.get(scenario)}`);
    const shown = kinds.map(({ source }) => source).join("|");
    // Each message is a heading, its notification and a row.
    await page.evaluate(`for (const title of document.querySelectorAll("h1")) {
      const message = [title, title.nextElementSibling, title.nextElementSibling.nextElementSibling];
      if (!new RegExp(${JSON.stringify(shown)}).test(title.innerText)) for (const part of message) part.remove();
    }`);
    const height = await page.evaluate("document.body.getBoundingClientRect().height + 48");
    await page.resize(width, Math.ceil(height));
    writeFileSync(join(root, `docs/images/${to}.png`), await page.screenshot());
    console.log(`docs/images/${to}.png`);
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
process.exit(0);
