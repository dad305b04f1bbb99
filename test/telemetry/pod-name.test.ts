import { describe, expect, it } from "@jest/globals";
import { groupPatterns, patternOf } from "../../src/telemetry/log-pattern.js";
import { podBelongsTo } from "../../src/telemetry/pod-name.js";

describe("a pod's workload", () => {
  it.each(["reviews", "reviews-5c66d57d58-6mp2b", "reviews-c29268486b-60952", "reviews-x7k2p", "reviews-0"])(
    "is reviews for %s",
    (pod) => {
      expect(podBelongsTo(pod, "reviews")).toBe(true);
    },
  );

  it.each([
    "reviews-other-5c66d57d58-6mp2b",
    "reviewsx-5c66d57d58-6mp2b",
    "reviews-backend-x7k2p",
    "reviews-other",
    "",
  ])("is not reviews for %s", (pod) => {
    expect(podBelongsTo(pod, "reviews")).toBe(false);
  });

  it("is nothing for an empty name", () => {
    expect(podBelongsTo("reviews-5c66d57d58-6mp2b", "")).toBe(false);
  });
});

describe("patterns of messages", () => {
  it("mask numbers, hex ids, UUIDs and quoted text, and count alike lines", () => {
    expect(patternOf('order 37b7938f-d830-909b-b634-6c69d2cc0287 of "Ann" took 12.5 ms, trace 6f3cbf058c276554')).toBe(
      "order * of * took * ms, trace *",
    );
    expect(groupPatterns(["GET /a 200", "GET /a 503", "stop"], 1)).toEqual([
      { pattern: "GET /a *", count: 2, sample: "GET /a 200" },
    ]);
  });
});
