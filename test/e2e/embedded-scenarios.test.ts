import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { knownScenarios } from "../../src/demo/scenarios/known-scenarios.js";
import { acts } from "./programme.js";
import { engineerOf } from "./questions.js";
import { type DemoThread, startDemoThread } from "./start-demo-thread.js";
import { stories } from "./stories/known-stories.js";

describe("a demo that plays every scenario, asked as an engineer would", () => {
  let demo: DemoThread;
  beforeAll(async () => {
    demo = await startDemoThread({ proxies: "istio", real: {}, feeds: [] });
  });
  afterAll(() => demo.close());

  test("has an act for each scenario there is", () => {
    expect(acts.map(({ scenario }) => scenario)).toEqual(knownScenarios.map(({ name }) => name));
  });

  test.each(acts)("$scenario shows what its story says", async (act) => {
    await demo.play(act.endMs);
    await stories[act.scenario](engineerOf(demo.ask("embedded"), act));
  });
});
