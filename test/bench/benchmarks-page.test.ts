import { describe, expect, test } from "@jest/globals";
import { benchmarksPage } from "../../bench/benchmarks-page.js";

const row = (measured: string, isMet = true) => ({ what: "time", measured, goal: "≤ 2 s", isMet });
const names = ["page", "graph"];

describe("the page of benchmarks", () => {
  test("keeps what other benches measured when one runs again, in the order of the benches", () => {
    const first = benchmarksPage(
      "",
      [{ name: "graph", day: "2026-11-20", results: [row("3 s", false)] }],
      names,
      "2 cores",
    );
    const second = benchmarksPage(
      first,
      [{ name: "page", day: "2026-11-21", results: [row("1 s")] }],
      names,
      "2 cores",
    );
    expect(second).toMatch(
      /## page\n\nOf 2026-11-21\.[^#]*1 s \| ≤ 2 s \| yes[^#]*## graph\n\nOf 2026-11-20\.[^#]*3 s \| ≤ 2 s \| \*\*no\*\*/,
    );
    const third = benchmarksPage(
      second,
      [{ name: "graph", day: "2026-11-22", results: [row("2 s")] }],
      names,
      "2 cores",
    );
    expect(third).not.toContain("3 s");
    expect(benchmarksPage(third, [], names, "2 cores")).toBe(third);
  });

  test("drops benches that are no more", () => {
    const page = benchmarksPage("", [{ name: "graph", day: "2026-11-20", results: [row("3 s")] }], names, "2 cores");
    expect(benchmarksPage(page, [], ["page"], "2 cores")).not.toContain("graph");
  });
});
