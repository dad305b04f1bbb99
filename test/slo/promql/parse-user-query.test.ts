import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseRatioQuery, parseSelector, parseUserQuery } from "../../../src/slo/promql/parse-user-query.js";
import { askedText, dividedBy } from "../../../src/slo/user-query.js";

const hourMs = 3_600_000;

/** Text as PromQL writes it in double quotes. */
function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

function termsOf(text: string) {
  const { query } = parseUserQuery(text);
  return query?.kind === "counts" ? query.terms : null;
}

const metricA = { sign: 1, selector: { metric: "a_total", matchers: [] } };

describe("queries that only add up counters", () => {
  test("a selector's metric and matchers become data, whatever stands in the values", () => {
    const label = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/).filter((name) => name !== "__name__");
    const op = fc.constantFrom(["=", "eq"], ["!=", "neq"], ["=~", "matches"], ["!~", "notMatches"]);
    const call = fc.constantFrom("rate", "increase");
    fc.assert(
      fc.property(fc.array(fc.tuple(label, op, fc.string()), { maxLength: 4 }), call, (matchers, name) => {
        const written = matchers.map(([key, [sign], value]) => `${key}${sign}${quoted(value)}`).join(", ");
        const expected = matchers.map(([key, [, kind], value]) =>
          kind === "eq" || kind === "neq" ? { label: key, op: kind, value } : { label: key, op: kind, pattern: value },
        );
        expect(termsOf(`sum(${name}(a_total{${written}}[5m]))`)).toEqual([
          { sign: 1, selector: { metric: "a_total", matchers: expected } },
        ]);
      }),
    );
  });

  test.each([
    ["sum(rate(a_total[{{.window}}]))"],
    ["sum(rate(a_total[{{ .window }}]))"],
    ["sum(increase(a_total[1h30m]))"],
    ["sum by (pod, job) (rate(a_total[5m]))"],
    ["sum(rate(a_total[5m])) without (pod)"],
    ["(sum(rate((a_total[5m]))))".replace("((a", "(a").replace("])))", "]))")],
    ['sum(rate({__name__="a_total"}[5m]))'],
    ["sum(rate(a_total[5m])) or vector(0)"],
    ["sum(rate(a_total{}[5m])) # all of them"],
  ])("%s counts a_total", (text) => {
    expect(termsOf(text)).toEqual([metricA]);
  });

  test("sums and differences keep their signs", () => {
    const text = "sum(rate(a_total[5m])) - (sum(rate(b[5m])) - sum(rate(c[5m]))) + sum(rate(d[5m]))";
    expect(termsOf(text)?.map(({ sign, selector }) => `${sign}${selector.metric}`)).toEqual([
      "1a_total",
      "-1b",
      "1c",
      "1d",
    ]);
  });

  test("strings mean what they mean in PromQL", () => {
    const value = (literal: string) => {
      const matcher = termsOf(`sum(rate(a_total{x=${literal}}[5m]))`)?.[0]?.selector.matchers[0];
      return matcher !== undefined && "value" in matcher ? matcher.value : null;
    };
    expect(value(String.raw`'it\'s'`)).toBe("it's");
    expect(value(String.raw`"a\tb\x41\u00e9\101"`)).toBe("a\tbAéA");
    expect(value("`raw\\n`")).toBe("raw\\n");
  });
});

describe("queries that are asked as they are", () => {
  test.each([
    ["rate(a[5m])", "rate(a[1h])"],
    ["sum(rate(a[5m] offset 1m))", "sum(rate(a[1h] offset 1m))"],
    ["sum(rate(a[5m])) + sum(increase(b[5m]))", "sum(rate(a[1h])) + sum(increase(b[1h]))"],
    ["sum by (x) (rate(a[5m])) + sum by (x) (rate(b[5m]))", "sum by (x) (rate(a[1h])) + sum by (x) (rate(b[1h]))"],
    ['sum(rate({__name__=~"a.*"}[5m]))', 'sum(rate({__name__=~"a.*"}[1h]))'],
    ["max_over_time(rate(a[5m])[{{.window}}:])", "max_over_time(rate(a[5m])[1h:])"],
    ["sum(irate(a[5m]))", "sum(irate(a[1h]))"],
    ["job:errors:ratio", "avg_over_time((job:errors:ratio\n)[1h:])"],
    ["job:errors:ratio # mine", "avg_over_time((job:errors:ratio\n)[1h:])"],
    ['count_over_time(a{x="[5m]"}[5m])', 'count_over_time(a{x="[5m]"}[1h])'],
  ])("%s", (text, asked) => {
    const parsed = parseUserQuery(text);
    expect(parsed.query?.kind).toBe("asked");
    expect(parsed.query === null ? "" : askedText(parsed.query, hourMs)).toBe(asked);
    expect("note" in parsed ? parsed.note : null).toMatch(/approximate/);
  });

  test("one divided by another stays whole, whatever comment ends the first", () => {
    const [part, total] = ["rate(a # of a\n[5m]) # part", "rate(b[5m])"].map((text) => parseUserQuery(text).query);
    if (part === null || part === undefined || total === null || total === undefined) throw new Error("not parsed");
    const text = askedText(dividedBy(part, total), hourMs);
    expect(text).toBe("(rate(a # of a\n[1h])\n) / (rate(b[1h])\n)");
    expect(parseUserQuery(text).query?.kind).toBe("asked");
  });
});

describe("queries that are refused", () => {
  test.each([
    ["", "is empty"],
    ["sum(rate(a[5m]", "breaks at character"],
    ["sum(rate(a[5m])) sum(b)", "is not PromQL"],
    ["sum(rate(a[5m])) / sum(rate(b[1h]))", "windows of different lengths"],
    ["max_over_time(rate(a[5m])[1h:])", "windows of different lengths"],
    ['a{x="{{.window}}"}', "where no window stands"],
    ["a".repeat(9000), "longer than 8192"],
  ])("%s", (text, words) => {
    const parsed = parseUserQuery(text);
    expect(parsed.query).toBeNull();
    expect("message" in parsed ? parsed.message : "").toContain(words);
  });

  test("any text at all is parsed or refused, never thrown at", () => {
    const piece = fc.constantFrom(
      "sum",
      "(",
      ")",
      "rate",
      "[5m]",
      "{{.window}}",
      "a",
      "/",
      '"',
      "{",
      "}",
      "by",
      " ",
      "1",
      "-",
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(text, (query) => {
        const parsed = parseUserQuery(query);
        parseRatioQuery(query);
        parseSelector(query);
        if (parsed.query !== null) expect(parsed.query.pieces.length).toBeGreaterThan(0);
        else expect(parsed.message).toMatch(/\S/);
      }),
      { numRuns: 400 },
    );
  });
});

describe("ratios", () => {
  test.each([
    ['sum(rate(a{code="5"}[5m])) / sum(rate(a[5m]))', false],
    ['(1 - (sum(rate(a{code="5"}[{{.window}}])) / sum(rate(a[{{.window}}]))))', true],
    ['1 - sum(rate(a{code="5"}[5m])) / sum(rate(a[5m]))', true],
  ])("%s is two counts", (text, isComplement) => {
    const parsed = parseRatioQuery(text);
    expect(parsed).toMatchObject({
      kind: "events",
      isComplement,
      part: { terms: [{ selector: { metric: "a", matchers: [{ label: "code", op: "eq", value: "5" }] } }] },
      total: { terms: [{ selector: { metric: "a", matchers: [] } }] },
    });
  });

  test.each(["job:errors:ratio", "avg(a[5m]) / avg(b[5m])", "2 - sum(rate(a[5m])) / sum(rate(b[5m]))"])(
    "%s stays a ratio weighted by time",
    (text) => {
      expect(parseRatioQuery(text).kind).toBe("ratio");
    },
  );
});

test("a gauge is a plain selector and nothing else", () => {
  expect(parseSelector('up{job="api"}')).toEqual({
    metric: "up",
    matchers: [{ label: "job", op: "eq", value: "api" }],
  });
  for (const text of ["up == 1", "sum(up)", "up[5m]", "up offset 5m", '{job="api"}', ""])
    expect(parseSelector(text)).toBeNull();
});
