import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { configReference } from "../../src/config/config-reference.js";

const file = "docs/reference/configuration.md";

describe("configuration reference", () => {
  test("golden: docs/reference/configuration.md is what the schema says", () => {
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(file, configReference());
    expect(readFileSync(file, "utf8")).toBe(configReference());
  });

  test("every key has a description and every secret one is marked", () => {
    const rows = configReference()
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    expect(rows.length).toBeGreaterThan(80);
    for (const row of rows) expect(row).toMatch(/ \S[^|]+ \|$/);
    const secret = rows.filter((row) => row.includes("*Secret.*")).map((row) => row.split("`")[1]);
    expect(new Set(secret)).toEqual(
      new Set([
        "alerting.alertmanager.headers",
        "alerting.alertmanager.auth.basic.password",
        "alerting.alertmanager.auth.bearer.token",
        "alerting.alertmanager.auth.apiKey.key",
        "sources[].headers",
        "sources[].auth.basic.password",
        "sources[].auth.bearer.token",
        "sources[].auth.apiKey.key",
        "slack.signingSecret",
        "slack.token",
        "slack.webhookUrl",
        "store.url",
      ]),
    );
  });
});
