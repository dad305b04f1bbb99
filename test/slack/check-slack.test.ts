import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { emptyChannel } from "../../src/demo/slack/workspace.js";
import { checkSlack, wantedScopes } from "../../src/slack/check-slack.js";
import { createSlackWebApi } from "../../src/slack/web-api.js";
import { type SlackStandIn, type StandInOptions, startSlackStandIn } from "../support/slack/stand-in.js";

let slack: SlackStandIn | null = null;
afterEach(async () => {
  await slack?.close();
  slack = null;
});

async function check(options: StandInOptions = {}, channels = ["#mesh-alerts"], token: string | null = null) {
  await slack?.close();
  slack = await startSlackStandIn(options);
  const api = createSlackWebApi({ token: token ?? slack.token, apiUrl: slack.apiUrl });
  const { findings, workspaceUrl } = await checkSlack(api, channels);
  return { lines: findings.map(({ name, level, message }) => `${level} ${name}: ${message}`), workspaceUrl };
}

describe("checking Slack", () => {
  test("says who the app is and where its channels are, and posts nothing", async () => {
    expect(await check()).toEqual({
      lines: ["OK token: meshlens in Example", "OK #mesh-alerts: is C0MESH"],
      workspaceUrl: "https://example.slack.com/",
    });
    expect(slack?.calls.map(({ method }) => method)).not.toContain("chat.postMessage");
  });

  test("a wrong token is the one thing to mend", async () => {
    const { lines } = await check({}, undefined, "xoxb-1-wrong");
    expect(lines).toEqual([
      "ERROR token: Slack does not know the bot token: set slack.token to the current one [invalid_auth]",
    ]);
  });

  test("missing scopes are named with what is lost without them", async () => {
    const { lines } = await check({ scopes: ["chat:write", "channels:read"] });
    expect(lines.filter((line) => line.includes("scopes"))).toEqual([
      expect.stringContaining("WARNING scopes: the app lacks the scope files:write: add it and install the app again"),
      expect.stringContaining("channels:history"),
    ]);
    expect((await check({ scopes: ["files:write"] })).lines[1]).toMatch(
      /^ERROR scopes: the app lacks the scope chat:write/,
    );
  });

  test("a channel that the app does not see is an error with what to do", async () => {
    const channels = [emptyChannel("C0MESH", "mesh-alerts")];
    const { lines } = await check({ channels }, ["#mesh-alerts", "#nowhere"]);
    expect(lines.at(-1)).toMatch(/^ERROR #nowhere: the app sees no channel of this name/);
  });

  test("docs/reference/slack.md names the scopes it asks for, with what is lost without them", () => {
    const page = readFileSync(new URL("../../../docs/reference/slack.md", import.meta.url), "utf8");
    for (const [scope, , without] of wantedScopes) {
      const row = page.split("\n").find((line) => line.startsWith(`| \`${scope}\``));
      expect(row).toBeDefined();
      if (scope !== "channels:history" && scope !== "channels:read") expect(row).toContain(without);
    }
  });
});
