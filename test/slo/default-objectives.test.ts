import { describe, expect, test } from "@jest/globals";
import { defaultObjectives } from "../../src/slo/default-objectives.js";
import { objectiveId } from "../../src/slo/objective.js";
import { makeObjective } from "../support/objectives.js";

const defaults = {
  availability: { target: 0.999, window: "30d" },
  latency: { target: 0.99, thresholdMs: 500, window: "28d" },
};
const ratings = { cluster: "east", namespace: "bookinfo", name: "ratings" };
const reviews = { cluster: "east", namespace: "bookinfo", name: "reviews" };

describe("default objectives", () => {
  test("are given to every service, with the budget written and factors of their period", () => {
    const made = defaultObjectives(defaults, [ratings], []);
    expect(made.map(({ id, name, target, origin }) => ({ id, name, target, origin }))).toEqual([
      {
        id: objectiveId(ratings, "availability"),
        name: "availability",
        target: { ratio: 0.999, budgetRatio: 0.001 },
        origin: { kind: "default", file: null, line: null },
      },
      {
        id: objectiveId(ratings, "latency"),
        name: "latency",
        target: { ratio: 0.99, budgetRatio: 0.01 },
        origin: { kind: "default", file: null, line: null },
      },
    ]);
    expect(made[1]?.sli).toMatchObject({ kind: "LATENCY", thresholdMs: 500, view: "callers" });
    expect(made[1]?.alerting.tiers[0]?.factor).toBe(13.44);
  });

  test("not to a service that has one of its own, in its cluster or written without one", () => {
    const own = makeObjective();
    expect(defaultObjectives(defaults, [ratings, reviews], [own]).map(({ service }) => service.name)).toEqual([
      "reviews",
      "reviews",
    ]);
    const inWest = { ...own, service: { ...own.service, cluster: "west" } };
    const west = { ...ratings, cluster: "west" };
    const made = defaultObjectives(defaults, [ratings, west], [inWest]);
    expect(new Set(made.map(({ service }) => service.cluster))).toEqual(new Set(["east"]));
  });

  test("none are made of kinds left out, or of nothing", () => {
    expect(defaultObjectives({ availability: defaults.availability }, [ratings], [])).toHaveLength(1);
    expect(defaultObjectives(undefined, [ratings], [])).toEqual([]);
  });
});
