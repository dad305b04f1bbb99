import { describe, expect, test } from "@jest/globals";
import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import fc from "fast-check";
import { requestQuery } from "../../../src/sources/prometheus/promql.js";
import { selectorOfNames, selectorText } from "../../../src/sources/prometheus/promql-selector.js";
import { literalPattern, quoted } from "../../../src/sources/prometheus/promql-text.js";
import type { MetricExpression, MetricRequest, MetricSelector } from "../../../src/telemetry/metric-source.js";
import { hostileValues } from "../../contract/metric-contract-data.js";

/** Node names and, for strings, nothing else: the query's shape whatever its data. */
function shape(query: string): string {
  const names: string[] = [];
  parser.parse(query).iterate({
    enter: (node) => {
      if (node.type.isError) throw new Error(`not PromQL at ${node.from}: ${query.slice(0, 300)}`);
      names.push(node.name);
    },
  });
  return names.join(" ");
}

/** The strings of a query, read as Prometheus reads them. */
function strings(query: string): string[] {
  const found: string[] = [];
  parser.parse(query).iterate({
    enter: ({ node }: { node: SyntaxNode }) => {
      if (node.name === "StringLiteral") found.push(unquote(query.slice(node.from, node.to)));
    },
  });
  return found;
}

function unquote(literal: string): string {
  const escapes: Readonly<Record<string, string>> = { n: "\n", '"': '"', "\\": "\\" };
  return literal
    .slice(1, -1)
    .replace(/\\(u([0-9a-f]{4})|.)/g, (_, char: string, code?: string) =>
      code === undefined ? (escapes[char] ?? `?${char}`) : String.fromCharCode(Number.parseInt(code, 16)),
    );
}

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom('"', "\\", "\n", "}", ")", "{", "|", "$", "\u0000", "😀", "\ufffd", "a") }),
  fc.constantFrom(...hostileValues),
);
const matched = (metric: string, value: string): MetricSelector => ({
  metric,
  matchers: [
    { label: "service", op: "eq", value },
    { label: "namespace", op: "notIn", values: [value, "b"] },
  ],
});

function request(value: string, kind: MetricExpression["kind"], stepMs: number | null): MetricRequest {
  const select = matched("istio_requests_total", value);
  const of = { views: [select, select].map((one) => ({ select: one, seen: one })), edgeLabels: ["from"], stickyMs: 1 };
  const expression: MetricExpression =
    kind === "quantile"
      ? { kind, quantile: 0.9, histogram: "classic", of, groupBy: ["to"] }
      : kind === "samples"
        ? { kind, count: "true", of, groupBy: ["to"] }
        : kind === "under"
          ? { kind, bound: 500, of, groupBy: ["to"] }
          : kind === "recordedQuantile"
            ? { kind, quantile: 0.9, lateMs: 30_000, of, groupBy: ["to"] }
            : { kind, of, groupBy: ["to"] };
  const parts = ["one", "two"].map((id) => ({ id, expression }));
  return { parts, window: { fromMs: 1_000_003, toMs: 1_300_007 }, stepMs, rangeMs: 60_000 };
}

describe("text in a query", () => {
  test("a label value changes no query's meaning, and is read back as it was", () => {
    const kinds = fc.constantFrom<MetricExpression["kind"]>(
      "increase",
      "count",
      "quantile",
      "recordedQuantile",
      "samples",
      "under",
      "latest",
      "seen",
    );
    fc.assert(
      fc.property(text, kinds, fc.constantFrom(null, 15_000), (value, kind, stepMs) => {
        const query = requestQuery(request(value, kind, stepMs), 15_000);
        expect(shape(query)).toBe(shape(requestQuery(request("plain", kind, stepMs), 15_000)));
        expect(strings(query)).toContain(value);
      }),
      { numRuns: 200 },
    );
  });

  test("a value in a list matches itself alone", () => {
    fc.assert(
      fc.property(text, text, (value, other) => {
        const [pattern = ""] = strings(selectorOfNames([value, `${value}x`]));
        const matches = new RegExp(`^(?:${pattern})$`);
        expect(matches.test(value)).toBe(true);
        expect(matches.test(other)).toBe(other === value || other === `${value}x`);
        expect(new RegExp(`^(?:${literalPattern(value)})$`).test(value)).toBe(true);
      }),
    );
  });

  test("a metric name is a name, whatever it holds", () => {
    fc.assert(
      fc.property(
        text.filter((name) => !/^[A-Za-z_:][\w:]*$/.test(name)),
        (name) => {
          const query = selectorText({ metric: name, matchers: [] });
          expect(shape(query)).toBe(shape('{__name__="plain"}'));
          expect(strings(query)).toEqual([name]);
        },
      ),
    );
    expect(selectorText({ metric: "a:b_total", matchers: [] })).toBe("a:b_total");
  });

  test("broken UTF-16 goes out as the character that stands for it", () => {
    expect(quoted("a\ud800b")).toBe('"a\\ufffdb"');
  });

  test("a label name beyond the classic alphabet is quoted", () => {
    const query = selectorText({ metric: "m", matchers: [{ label: 'a"}b', op: "eq", value: "x" }] });
    expect(shape(query)).toBe(shape('m{"plain"="x"}'));
  });
});

describe("a request's query", () => {
  test("one part goes out plain, several carry the reserved label", () => {
    const { parts, ...rest } = request("x", "seen", null);
    expect(requestQuery({ ...rest, parts: parts.slice(0, 1) }, 15_000)).not.toContain("__part");
    expect(requestQuery({ ...rest, parts }, 15_000).match(/"__part"/g)).toHaveLength(2);
  });

  test("native histograms are asked without bounds", () => {
    const select = { metric: "istio_request_duration_milliseconds", matchers: [] };
    const of = { views: [{ select, seen: select }], edgeLabels: [], stickyMs: 0 };
    const expression = { kind: "quantile", quantile: 0.5, histogram: "native", of, groupBy: ["to"] } as const;
    const asked = { ...request("x", "seen", null), parts: [{ id: "x", expression }] };
    expect(requestQuery(asked, 15_000)).toBe(
      "histogram_quantile(0.5, sum by (to) (increase(istio_request_duration_milliseconds[300005ms]) * 300004 / 300005))",
    );
  });

  test("steps that a ruler recorded are added up, where they lie: later than what they hold", () => {
    const select = { metric: "meshlens:latency_bucket:step30s", matchers: [] };
    const of = { views: [{ select, seen: select }], edgeLabels: [], stickyMs: 0 };
    const expression = { kind: "recordedQuantile", quantile: 0.5, lateMs: 30_000, of, groupBy: ["to"] } as const;
    const asked = { ...request("x", "seen", null), parts: [{ id: "x", expression }] };
    expect(requestQuery(asked, 15_000)).toBe(
      "histogram_quantile(0.5, sum by (to, le) (sum_over_time(meshlens:latency_bucket:step30s[300003ms] offset -30000ms)))",
    );
  });

  test("the grid of an exact count ends at the window's end and needs no offset of 0, which Prometheus 2 refuses", () => {
    const asked = request("x", "increase", null);
    const one = { ...asked, parts: asked.parts.slice(0, 1) };
    expect(requestQuery({ ...one, window: { fromMs: 0, toMs: 300_000 } }, 15_000)).not.toContain("offset 0");
    expect(requestQuery({ ...one, window: { fromMs: 0, toMs: 300_000 } }, 15_000)).toContain("[299999ms:15000ms]");
    expect(requestQuery({ ...one, window: { fromMs: 7, toMs: 300_007 } }, 15_000)).toContain(" offset 14993ms");
  });
});
