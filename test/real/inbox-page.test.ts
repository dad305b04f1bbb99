import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Browser, startChromium } from "../support/chromium.js";
import { repositoryRoot } from "../support/repository-root.js";
import { waitUntil } from "../support/wait-until.js";
import { ensureTools } from "./backends/debian-packages.js";
import { cacheFolder, createInstallCache } from "./backends/install-cache.js";

// One page of short windows, so that the incident ends a few minutes after its cause did; those minutes pass 20 times as fast as ours.
const configuration = `slo: { files: [slo.yaml] }
store: { url: "file:FOLDER/meshlens.db" }
server: { logLevel: warn }
`;
const objectives = `apiVersion: meshlens/v1
namespace: bookinfo
objectives:
  - service: reviews
    availability: 99.9%
    alerting: { page: { for: 30s, keepFiring: 2m }, tiers: [{ severity: page, long: 10m, short: 2m, factor: 10 }] }
`;
const stepMs = 180_000;

describe("the inbox of the demo in a browser", () => {
  let folder = "";
  let demo: ChildProcess;
  let browser: Browser;
  let url = "";

  beforeAll(async () => {
    const cache = createInstallCache(cacheFolder(process.env), AbortSignal.timeout(300_000), () => {});
    await ensureTools(cache, { chromium: "chromium" });
    folder = await mkdtemp(join(tmpdir(), "meshlens-inbox-"));
    await writeFile(join(folder, "meshlens.yaml"), configuration.replace("FOLDER", folder));
    await writeFile(join(folder, "slo.yaml"), objectives);
    const program = join(repositoryRoot, "dist/test/support/sped-demo.js");
    demo = spawn(process.execPath, [program, join(folder, "meshlens.yaml")], { stdio: ["pipe", "pipe", "inherit"] });
    let told = "";
    demo.stdout?.on("data", (chunk) => {
      told += chunk;
    });
    browser = await startChromium("chromium");
    await waitUntil("the demo listens", () => /^http.*\n/.test(told), { limitMs: 120_000 });
    url = told.trim();
  }, 420_000);

  afterAll(async () => {
    await browser?.close();
    const ended = once(demo, "exit");
    demo.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  });

  async function play(name: string): Promise<void> {
    const answer = await fetch(`${url}/demo/scenario`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name }),
    });
    expect(answer.status).toBe(200);
  }
  const anchor = `document.querySelector("main > .message")`;
  const shows = (words: string) => `(${anchor}?.innerText ?? "").includes(${JSON.stringify(words)})`;
  const matches = (words: RegExp) => `${words}.test(${anchor}?.innerText ?? "")`;
  const inThread = (words: string) =>
    `(${anchor}?.querySelector(".thread")?.innerText ?? "").includes(${JSON.stringify(words)})`;
  /** A message that never says it is told as it stands. */
  async function said(what: string, expression: string): Promise<void> {
    try {
      await browser.page.until(what, expression, stepMs);
    } catch (error) {
      throw new Error(`${error}\n${await browser.page.evaluate("document.body.innerText")}`);
    }
  }

  test("shows ratings-delay from its first message to its end, and takes an acknowledgement", async () => {
    const { page } = browser;
    await page.open(`${url}/demo/slack`);
    expect(await page.evaluate("document.body.innerText")).toContain("Nothing was said yet");

    await play("ratings-delay");
    await said("the page of reviews", shows("PAGE · reviews.bookinfo · availability"));
    const chart = `${anchor}.querySelector(".thread img[alt*='burn rate']")`;
    await said("the chart", `${chart}?.naturalWidth > 400`);
    expect(await page.evaluate(`${chart}.alt`)).toMatch(/burn rate over .* now \d/);
    const picture = `${anchor}.querySelector(".thread img[alt*='The calls that matter']")`;
    await said("the picture of the calls that matter", `${picture}?.naturalWidth > 400`);
    for (const part of ["Likely cause", "Changed shortly before", "Traces", "Log lines that grew"])
      await said(part, shows(part));
    await said("the change in the message", shows("VirtualService ratings"));
    await said("the change in the thread", inThread("fault: 7 s delay"));
    await said("the traces in the message", matches(/waited (3|2\.9\d?) s for ratings/));
    await said("the traces in the thread", inThread("productpage reviews.bookinfo"));
    await said("the log lines in the message", shows("Error retrieving reviews: Read timed out"));
    await said("the log lines in the thread", inThread("Error retrieving reviews: Read timed out"));

    await page.evaluate(`document.getElementById("you").value = "ada"`);
    await page.evaluate(`${anchor}.querySelector("button[data-action=meshlens_acknowledge]").click()`);
    await said("the one who looks after it", shows("@ada looks after it"));
    expect(await page.evaluate(`${anchor}.querySelector("button[data-action=meshlens_acknowledge]")`)).toBeNull();

    await play("healthy");
    demo.stdin?.write("20\n");
    await said("the end", shows("RESOLVED · reviews.bookinfo"));
    await said("the end in the thread", inThread("Resolved"));
    expect(await page.evaluate(`document.querySelectorAll("main > .message").length`)).toBe(1);
    expect(await page.evaluate(`${anchor}.querySelectorAll("[data-action]").length`)).toBe(0);
    expect(await page.evaluate(`${anchor}.querySelectorAll(".edits li").length`)).toBeGreaterThanOrEqual(3);
  }, 600_000);

  test("asks nobody but its own server and breaks no policy", () => {
    expect(browser.page.hosts()).toEqual([new URL(url).host]);
    expect(browser.page.complaints()).toEqual([]);
  });
});
