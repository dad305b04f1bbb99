import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { documentShape } from "../../../src/sources/elasticsearch/document-shape.js";
import { fieldCandidates } from "../../../src/sources/elasticsearch/field-candidates.js";
import { logQuery } from "../../../src/sources/elasticsearch/log-query.js";
import type { LogFilter } from "../../../src/telemetry/log-source.js";

const candidates = fieldCandidates();
const dynamic = (path: string) => [
  [path, { text: {} }],
  [`${path}.keyword`, { keyword: {} }],
];
const paths = [
  "log",
  "message",
  "level",
  "kubernetes.namespace_name",
  "kubernetes.pod_name",
  "kubernetes.labels.app",
  "trace_id",
  "span_id",
  "request_id",
];
const shape = documentShape(
  candidates,
  Object.fromEntries([["@timestamp", { date: {} }], ...paths.flatMap(dynamic)]),
  1,
  new Set(),
);

const nothingAsked: LogFilter = {
  window: { fromMs: 0, toMs: 1 },
  scope: null,
  levels: null,
  text: null,
  traceIds: null,
  requestIds: null,
  spanIds: null,
  pods: null,
  lines: "any",
};

/** Every path from the root to a leaf that holds the text, keys only; array places as `[]`. */
function pathsTo(value: unknown, text: string, at = ""): readonly string[] {
  if (typeof value === "string") return value.includes(text) ? [at] : [];
  if (Array.isArray(value)) return value.flatMap((v) => pathsTo(v, text, `${at}[]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, v]) => [
    ...(key.includes(text) ? [`key ${key}`] : []),
    ...pathsTo(v, text, `${at}/${key}`),
  ]);
}

const leaf = /\/(?:terms\/[^/]+\[\]|match\/[^/]+\/query|match_phrase\/[^/]+|prefix\/[^/]+\/value)$/;
const hostile = fc
  .oneof(
    fc.constantFrom(
      '"',
      "\\",
      "\n",
      '"}) or {',
      "*",
      "💥",
      "{{x}}",
      "../_all",
      "a:b OR c",
      "\u0000",
      "x".repeat(10_000),
    ),
    fc.string({ unit: "binary" }),
  )
  .map((text) => `§${text}`);

describe("a log query", () => {
  it("has user text as the value of a term, match or prefix and nowhere else", () => {
    fc.assert(
      fc.property(
        hostile,
        fc.constantFrom("text", "scope", "traceIds", "spanIds", "requestIds", "pods"),
        (text, part) => {
          const given: Partial<LogFilter> =
            part === "text"
              ? { text }
              : part === "scope"
                ? { scope: { namespace: text, names: [text] } }
                : { [part]: [text] };
          const { query } = logQuery(shape, { ...nothingAsked, ...given }, []);
          const again: unknown = JSON.parse(JSON.stringify(query));
          const found = [...pathsTo(again, "§")];
          expect(found.length).toBeGreaterThan(0);
          expect(found.filter((path) => !leaf.test(path))).toEqual([]);
        },
      ),
    );
  });

  it("uses no kind of clause that reads text as syntax or runs code", () => {
    const { query } = logQuery(
      shape,
      {
        ...nothingAsked,
        text: "a",
        levels: ["ERROR", "UNKNOWN"],
        lines: "application",
        scope: { namespace: "n", names: ["s"] },
      },
      ["s-other-1"],
    );
    expect(JSON.stringify(query)).not.toMatch(
      /"(?:query_string|simple_query_string|script|regexp|wildcard|span_multi)"/,
    );
  });

  it("refuses more ids than one query may hold, naming the argument", () => {
    const ids = Array.from({ length: 1_001 }, (_, i) => String(i));
    expect(() => logQuery(shape, { ...nothingAsked, traceIds: ids }, [])).toThrow(/traceIds .* at most 1000 values/);
    expect(() => logQuery(shape, { ...nothingAsked, text: "w ".repeat(300) }, [])).toThrow(/text .* at most 200 words/);
  });

  it("matches nothing where documents cannot tell a namespace, rather than everything", () => {
    const blind = documentShape(candidates, { "@timestamp": { date: {} }, log: { text: {} } }, 1, new Set());
    const { query } = logQuery(blind, { ...nothingAsked, scope: { namespace: "n", names: ["s"] } }, []);
    expect(JSON.stringify(query)).toContain("match_none");
  });

  it("asks configured fields in place of those it knows", () => {
    const own = fieldCandidates({ namespace: "ns", service: ["svc"] });
    const mine = documentShape(own, { ns: { keyword: {} }, svc: { keyword: {} } }, 1, new Set());
    const { query } = logQuery(mine, { ...nothingAsked, scope: { namespace: "n", names: ["s"] } }, []);
    expect(pathsTo(query, "s").concat(pathsTo(query, "n")).join()).toMatch(/terms\/svc.*terms\/ns/);
  });
});
