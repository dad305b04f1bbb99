import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { wantedScopes } from "../../src/slack/check-slack.js";
import { repositoryRoot } from "../support/repository-root.js";

/** Scopes of the methods of Slack's Web API that Meshlens calls; [] for none. Channels may be public or private. */
const scopesOf: Readonly<Record<string, readonly string[]>> = {
  "auth.test": [],
  "chat.postMessage": ["chat:write"],
  "chat.update": ["chat:write"],
  "conversations.list": ["channels:read", "groups:read"],
  "conversations.history": ["channels:history", "groups:history"],
  "conversations.replies": ["channels:history", "groups:history"],
  "files.getUploadURLExternal": ["files:write"],
  "files.completeUploadExternal": ["files:write"],
};

const manifest = JSON.parse(readFileSync(join(repositoryRoot, "deploy/slack/app-manifest.json"), "utf8")) as {
  readonly oauth_config: { readonly scopes: { readonly bot: readonly string[] } };
  readonly settings: { readonly interactivity: { readonly request_url: string } };
};
const scopes = manifest.oauth_config.scopes.bot;

function calledMethods(): readonly string[] {
  const room = join(repositoryRoot, "src/slack");
  const texts = readdirSync(room, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(room, name), "utf8"));
  const families = "auth|chat|conversations|files|views|users|reactions|pins|team|usergroups|bookmarks|dialog";
  const named = new RegExp(`"((?:${families})\\.[a-zA-Z.]+)"`, "g");
  return [...new Set(texts.flatMap((text) => [...text.matchAll(named)].map(([, method = ""]) => method)))].sort();
}

describe("the Slack app's manifest", () => {
  test("asks for the scopes of the methods Meshlens calls, and for no other", () => {
    const called = calledMethods();
    expect(called).toEqual(Object.keys(scopesOf).sort());
    expect([...scopes].sort()).toEqual([...new Set(called.flatMap((method) => scopesOf[method] ?? []))].sort());
  });

  test("has every scope that a start looks for", () => {
    expect(scopes).toEqual(expect.arrayContaining(wantedScopes.map(([scope]) => scope)));
  });

  test("sends what is pressed to the route that takes it", () => {
    const { pathname } = new URL(manifest.settings.interactivity.request_url);
    const route = readFileSync(join(repositoryRoot, "src/server/slack-interactions.ts"), "utf8");
    expect(route).toContain(`"${pathname}"`);
  });
});
