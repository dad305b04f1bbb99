import { describe, expect, test } from "@jest/globals";
import {
  type DemoFacts,
  plainLines,
  queryLines,
  scenarioOfKey,
  screenLines,
} from "../../../src/demo/terminal/demo-screen.js";

const scenario = (name: string) => ({ name, story: `${name} happens`, lookAt: `what ${name} does` });
const scenarios = Array.from({ length: 30 }, (_, i) => scenario(`story-${i + 1}`));
const facts: DemoFacts = {
  mesh: "Bookinfo on Istio",
  url: "http://127.0.0.1:4000",
  hasInbox: true,
  history: "6h",
  scenarios,
  current: scenarios[1] ?? scenario(""),
  sinceMs: Date.UTC(2026, 10, 21, 9, 30, 5),
  feeds: [],
  services: [{ namespace: "bookinfo", name: "reviews" }],
};

describe("the screen of a demo", () => {
  test("shows addresses, the running story, links that open queries, and a key for each story", () => {
    const text = screenLines(facts, { columns: 80, rows: 40 }).join("\n");
    expect(text).toContain("http://127.0.0.1:4000/graphiql");
    expect(text).toContain("Running: story-2 since 09:30:05 UTC");
    expect(text).toContain(">2 story-2");
    expect(text).toContain("http://127.0.0.1:4000/graphiql?page=bookinfo/reviews");
    for (const line of queryLines(facts)) expect(line.length).toBeLessThan(80);
    for (const { name } of scenarios) expect(text).toContain(name);
  });

  test("leads to the inbox where alerts go there", () => {
    const size = { columns: 80, rows: 40 };
    expect(screenLines(facts, size).join("\n")).toContain("http://127.0.0.1:4000/demo/slack");
    expect(screenLines({ ...facts, hasInbox: false }, size).join("\n")).not.toContain("/demo/slack");
  });

  test("every story has its own key and q is none of them", () => {
    const keys = "abcdefghijklmnopqrstuvwxyz0123456789".split("");
    const chosen = keys.flatMap((key) => scenarioOfKey(key, scenarios)?.name ?? []);
    expect(chosen.sort()).toEqual(scenarios.map(({ name }) => name).sort());
    expect(scenarioOfKey("q", scenarios)).toBeNull();
    expect(scenarioOfKey("", scenarios)).toBeNull();
    expect(scenarioOfKey("12", scenarios)).toBeNull();
  });

  test("a log gets no keys, but how to change the story over HTTP", () => {
    const text = plainLines(facts).join("\n");
    expect(text).not.toContain("quit");
    expect(text).toContain("POST http://127.0.0.1:4000/demo/scenario");
    expect(text).toContain("story-30");
  });

  test("a log tells what a fed backend answered before there was a log", () => {
    const feeds = ["zipkin http://127.0.0.1:9411 refuses what it is fed, it is tried again: no"];
    expect(plainLines({ ...facts, feeds })).toContain(`  ${feeds[0]}`);
  });
});
