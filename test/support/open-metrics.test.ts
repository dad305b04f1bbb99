import { describe, expect, test } from "@jest/globals";
import { parseOpenMetrics } from "./open-metrics.js";

describe("the reader of recorded OpenMetrics", () => {
  test("a sample has its name, labels, value and time in ms; comments are skipped", () => {
    const text = '# TYPE up gauge\nup{job="envoy-stats",pod="p"} 1 1772445540.5\n# EOF\n';
    expect(parseOpenMetrics(text)).toEqual([
      { name: "up", labels: { job: "envoy-stats", pod: "p" }, value: 1, atMs: 1772445540500 },
    ]);
  });

  test("escapes in label values are undone, and braces and commas in them are text", () => {
    const [sample] = parseOpenMetrics('m{a="x\\"},y=\\\\\\n",b=""} +Inf 1');
    expect(sample).toEqual({
      name: "m",
      labels: { a: 'x"},y=\\\n', b: "" },
      value: Number.POSITIVE_INFINITY,
      atMs: 1000,
    });
  });

  test("a sample without labels is read", () => {
    expect(parseOpenMetrics("m -Inf 2")).toEqual([
      { name: "m", labels: {}, value: Number.NEGATIVE_INFINITY, atMs: 2000 },
    ]);
  });

  test("a line without a time is refused with its number", () => {
    expect(() => parseOpenMetrics("# EOF\nm 1")).toThrow("Line 2");
  });
});
