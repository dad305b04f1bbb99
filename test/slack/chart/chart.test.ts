import { writeFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { chartWords } from "../../../src/slack/chart/chart-words.js";
import { type ChartInput, drawChart } from "../../../src/slack/chart/draw-chart.js";
import { renderChart } from "../../../src/slack/chart/render-chart.js";
import { firedAtMs, makeEvidence } from "../../support/evidence.js";

const { chart, changes } = makeEvidence();
const input: ChartInput = {
  title: "ratings.bookinfo · availability 99.9 %",
  badWords: "Failed calls",
  chart: chart ?? { timestamps: [], errorRatio: [], burn: [], thresholds: [] },
  changes: [...(changes ?? [])],
  firedAtMs,
};
const isPng = (png: Buffer) => png.subarray(0, 8).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));

describe("the chart of an incident", () => {
  test("is the same bytes every time, and a PNG of twice its size", () => {
    const [one, other] = [renderChart(input), renderChart(input)];
    expect(one.png.equals(other.png)).toBe(true);
    expect(isPng(one.png)).toBe(true);
    expect([one.png.readUInt32BE(16), one.png.readUInt32BE(20)]).toEqual([1720, 920]);
    const file = process.env["KEEP_CHART"];
    if (file !== undefined) writeFileSync(file, one.png);
  });

  test("draws its letters: another title gives another picture", () => {
    expect(renderChart({ ...input, title: "other" }).png.equals(renderChart(input).png)).toBe(false);
  });

  test("says its numbers in its alternative text", () => {
    expect(chartWords(input)).toBe(
      "ratings.bookinfo · availability 99.9 %, 1 h until 2026-03-02 10:00 UTC. burn rate over 5m: now 28.3×, at most 28.5×. " +
        "burn rate over 1h: now 5.9×, at most 5.9×. limits: 1h/5m 14.4×, 6h/30m 6×. " +
        "failed calls, share of all: now 2.83 %, at most 2.85 %. VirtualService ratings was changed 2026-03-02 09:48 UTC. " +
        "fired 2026-03-02 10:00 UTC.",
    );
  });

  test("breaks its lines where data is missing", () => {
    const only = { timestamps: [0, 1, 2, 3].map((minute) => minute * 60_000), burn: [], thresholds: [] };
    const svg = drawChart({
      title: "t",
      badWords: "Slow calls (over 500 ms)",
      chart: { ...only, errorRatio: [0.1, null, 0.1, 0.1] },
      changes: [],
      firedAtMs: null,
    });
    expect(svg).toContain("Slow calls (over 500 ms), share of all");
    expect(svg).toMatch(/d="M[\d.]+ [\d.]+h0\.01M[\d.]+ [\d.]+L[\d.]+ [\d.]+"/);
  });

  test("says so when there is no data", () => {
    const nothing: ChartInput = {
      ...input,
      chart: { timestamps: [], errorRatio: [], burn: [], thresholds: [] },
      changes: [],
    };
    expect(drawChart(nothing)).toContain("no data");
    expect(isPng(renderChart(nothing).png)).toBe(true);
    expect(chartWords(nothing)).toContain("no data");
  });

  test("is a picture whatever the names and values are", () => {
    const figure = fc.option(fc.double({ noNaN: true, min: 0, max: 1e15 }));
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("</text><script>", "\u0000\ufffe", "\u202e<&"),
    );
    const any = fc.array(fc.tuple(figure, figure), { maxLength: 20 }).chain((rows) =>
      fc.record({
        title: text,
        badWords: text,
        chart: fc.record({
          timestamps: fc.constant(rows.map((_, index) => index * 30_000)),
          errorRatio: fc.constant(rows.map(([value]) => value)),
          burn: fc.constant([{ windowMs: 300_000, values: rows.map(([, value]) => value) }]),
          thresholds: fc.array(fc.record({ tier: text, value: fc.double({ noNaN: true, min: 0, max: 1e6 }) }), {
            maxLength: 4,
          }),
        }),
        changes: fc.array(fc.record({ atMs: fc.nat(600_000), kind: text, name: text }), { maxLength: 6 }),
        firedAtMs: fc.option(fc.nat(600_000)),
      }),
    );
    fc.assert(
      fc.property(any, (one) => {
        const { png, altText } = renderChart(one);
        expect(isPng(png)).toBe(true);
        expect(altText.length).toBeLessThanOrEqual(1_000);
        expect(drawChart(one)).not.toMatch(/NaN|Infinity|<script/);
      }),
      { numRuns: 10 },
    );
  });
});
