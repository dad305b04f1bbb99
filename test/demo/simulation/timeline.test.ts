import { describe, expect, test } from "@jest/globals";
import { createTimeline } from "../../../src/demo/simulation/timeline.js";

describe("createTimeline()", () => {
  test("lets changes happen in order of time, those of one instant in the order they were planned in", () => {
    const timeline = createTimeline();
    const happened: string[] = [];
    const plan = (atMs: number, name: string): void => timeline.at(atMs, () => happened.push(`${name} ${atMs}`));
    plan(20, "c");
    plan(10, "a");
    plan(20, "d");
    plan(10, "b");
    timeline.at(5, (atMs) => plan(atMs + 5, "planned while it ran"));
    while (timeline.nextMs() < Number.POSITIVE_INFINITY) timeline.step();
    expect(happened).toEqual(["a 10", "b 10", "planned while it ran 10", "c 20", "d 20"]);
  });
});
