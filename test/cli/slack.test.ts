import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "@jest/globals";
import { allScopes } from "../../src/demo/slack/start-stand-in.js";
import { incidentDeliveries } from "../../src/slack/incident-deliveries.js";
import { openStore } from "../../src/store/open-store.js";
import { repositoryRoot } from "../support/repository-root.js";
import { runCommandLine } from "../support/run-command.js";
import { makeMessageInput } from "../support/slack/message-inputs.js";
import { type SlackStandIn, type StandInOptions, startSlackStandIn } from "../support/slack/stand-in.js";

// A process each, on machines that do other things as well.

let slack: SlackStandIn | null = null;
afterEach(async () => {
  await slack?.close();
  slack = null;
});

async function slackTest(options: StandInOptions, { channel = "#mesh-alerts", token = "" } = {}) {
  slack = await startSlackStandIn(options);
  const cwd = mkdtempSync(join(tmpdir(), "meshlens-cli-"));
  const apiUrl = slack.apiUrl.replace(/\/$/, "");
  const yaml = `sources: []\nslack: { token: "\${TOKEN}", channel: "${channel}", apiUrl: "${apiUrl}" }\n`;
  writeFileSync(join(cwd, "meshlens.yaml"), yaml);
  return runCommandLine(["slack", "test"], { cwd, env: { TOKEN: token || slack.token } });
}

describe("meshlens slack test", () => {
  test("tries everything and leaves one message with a thread", async () => {
    const { code, stdout } = await slackTest({});
    expect(stdout).toContain("everything works");
    expect(code).toBe(0);
    const messages = slack?.workspace.channels[0]?.messages ?? [];
    expect(messages.map(({ threadTs }) => threadTs === null)).toEqual([true, false, false]);
    expect(messages[0]).toMatchObject({ edits: 1, text: expect.stringContaining("test of Meshlens") });
  });

  test("says which scopes are missing and what is less without them", async () => {
    const { code, stdout } = await slackTest({ scopes: ["chat:write"] });
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAILED {2}look up {3}the app lacks the scope channels:history/);
    expect(stdout).toMatch(/FAILED {2}chart {5}the app lacks the scope files:write/);
    expect(stdout).toContain("alerts arrive, with less");
  });

  test.each([
    ["a token Slack does not know", {}, { token: "xoxb-1-wrong" }, "set slack.token to the current one [invalid_auth]"],
    ["an unknown channel", {}, { channel: "#nowhere" }, "invite the app [channel_not_found]"],
    [
      "no right to post",
      { scopes: allScopes.filter((scope) => scope !== "chat:write") },
      {},
      "lacks the scope chat:write",
    ],
  ])("says how to mend %s", async (_, options, how, words) => {
    const { code, stdout, stderr } = await slackTest(options, how);
    expect(code).toBe(1);
    expect(stdout).toContain(words);
    expect(stdout).toContain("no alert would arrive");
    expect(stdout + stderr).not.toContain("xoxb-");
  });

  test("wants a slack section", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "meshlens-cli-"));
    writeFileSync(join(cwd, "meshlens.yaml"), "sources: []\n");
    const { code, stderr } = await runCommandLine(["slack", "test"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain("no slack: section");
  });
});

describe("meshlens slack preview", () => {
  test("renders a message as a page", async () => {
    const file = join(repositoryRoot, "test/fixtures/slack-messages/anchor-evidence.json");
    const { code, stdout } = await runCommandLine(["slack", "preview", file]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /<div class="header"><svg .*aria-label="siren".*<\/svg> PAGE · ratings.bookinfo · availability<\/div>/,
    );
  });

  test("shows what was said of an incident, with its chart, while a server has the store open", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "meshlens-cli-"));
    const url = `file:${join(cwd, "meshlens.db")}`;
    writeFileSync(join(cwd, "meshlens.yaml"), `sources: []\nstore: { url: "${url}" }\n`);
    const store = await openStore({ url });
    try {
      const message = makeMessageInput();
      const news = { moment: "EVIDENCE", number: 1, atMs: Date.now(), message } as const;
      await store.outbox.enqueue(incidentDeliveries(news, [{ channel: "#mesh-alerts", canEdit: true }]));
      const png = join(cwd, "chart.png");
      const shown = await runCommandLine(["slack", "preview", message.incident.id, "--png", png], { cwd });
      expect(shown).toMatchObject({ code: 0, stderr: "" });
      expect(shown.stdout).toContain("#mesh-alerts");
      expect(shown.stdout).toContain('<img src="data:image/png;base64,');
      expect(readFileSync(png).subarray(1, 4).toString()).toBe("PNG");
      const unknown = await runCommandLine(["slack", "preview", "no-such-incident"], { cwd });
      expect(unknown.code).toBe(1);
      expect(unknown.stderr).toContain("nothing was said of an incident no-such-incident");
    } finally {
      await store.close();
    }
  });

  test("says what a file must hold", async () => {
    const { code, stderr } = await runCommandLine(["slack", "preview", join(repositoryRoot, "package.json")]);
    expect(code).toBe(2);
    expect(stderr).toContain("holds no message");
  });
});
