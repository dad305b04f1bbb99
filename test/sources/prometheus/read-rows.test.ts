// Rows read straight from the bytes are those of JSON.parse, whatever the words; other forms go the long way round.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeRows, type RowsForm } from "../../../src/sources/prometheus/prometheus-decode.js";
import { createRowReader } from "../../../src/sources/prometheus/read-rows.js";
import { createVectorReader } from "../../../src/sources/prometheus/read-vector.js";

const form: RowsForm = {
  source: "prometheus",
  parts: ["calls", "left"].map((id) => ({
    id,
    expression: { kind: "increase", of: { views: [], edgeLabels: [], stickyMs: 0 }, groupBy: ["a"] },
  })),
  timestampsMs: [1_700_000_000_000],
};

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

function bodyOf(result: readonly Series[], more: Readonly<Record<string, unknown>> = {}): Buffer {
  return Buffer.from(JSON.stringify({ status: "success", data: { resultType: "vector", result }, ...more }));
}

/** Reads a body that comes in pieces which end at the given places. */
function readRows(body: Buffer, cuts: readonly number[] = []) {
  const { reader, rowsOf } = createRowReader(form);
  return rowsOf({ status: 200, headers: {}, body: fed(reader?.(), body, cuts), durationMs: 1 });
}

function fed(reader: { take(bytes: Buffer): void; end(): Buffer } | undefined, body: Buffer, cuts: readonly number[]) {
  if (reader === undefined) return body;
  let from = 0;
  for (const to of [...cuts.filter((cut) => cut < body.length).sort((a, b) => a - b), body.length]) {
    reader.take(body.subarray(from, to));
    from = to;
  }
  return reader.end();
}

function outcomeOf(body: Buffer): string {
  const reader = createVectorReader("__part", () => {});
  fed(reader, body, []);
  return reader.outcome();
}

const word = fc.oneof(
  fc.constantFrom("", "a", "b", "reporter", "destination_service", "ü", "\u0000", '"', "\\", '\\"', "} , {", "😀"),
  fc.string({ unit: "binary" }),
);
/** JSON.parse of Node 24.21 reads a key of one escaped character (such as a quote) as a backslash: nothing to compare with. */
const label = word.filter((text) => text.length !== 1 || JSON.stringify(text) === `"${text}"`);
const series = fc.record({
  metric: fc
    .dictionary(label, word, { maxKeys: 5 })
    .chain((metric) => fc.constantFrom({}, { __part: "0" }, { __part: "1" }).map((part) => ({ ...metric, ...part }))),
  value: fc.tuple(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
    fc.oneof(fc.constantFrom("NaN", "+Inf", "-Inf", "0", "12345678901234567890", "1e-7"), fc.double().map(String)),
  ),
});

describe("rows of a vector", () => {
  test("are those of JSON.parse for any words and values", () => {
    fc.assert(
      fc.property(fc.array(series, { maxLength: 8 }), fc.array(fc.nat({ max: 1_500 })), (result, cuts) => {
        const body = bodyOf(result);
        const { data } = JSON.parse(body.toString());
        expect(readRows(body, cuts).rows).toEqual(decodeRows(data, form));
        const reader = createVectorReader("__part", () => {});
        expect(fed(reader, body, cuts).toString()).toBe(bodyOf([]).toString());
        expect(reader.outcome()).toBe("read");
      }),
    );
  });

  test("keep a label that is called like an object's prototype, read either way", () => {
    const text = bodyOf([{ metric: { name: "a" }, value: [1, "2"] }]).toString();
    const compact = text.replace('"name"', '"__proto__"');
    for (const body of [compact, compact.replace(":[{", ":[ {")]) {
      const [row] = readRows(Buffer.from(body)).rows;
      expect(Object.entries(row?.labels ?? {})).toEqual([["__proto__", "a"]]);
    }
  });

  test("that repeat their words share them with each other, in any order of labels", () => {
    const metrics = [{ a: "x", b: "y" }, { b: "y" }, { a: "z", b: "y", c: "x" }, { a: "x", b: "y" }];
    const { rows } = readRows(bodyOf(metrics.map((metric) => ({ metric, value: [1, "2"] }))));
    expect(rows.map(({ labels }) => labels)).toEqual(metrics);
    expect(rows.map(({ values }) => values)).toEqual([[2], [2], [2], [2]]);
  });

  test("keep what is said beside them", () => {
    const body = bodyOf([{ metric: { a: "x" }, value: [1, "2"] }], { warnings: ["store-2 did not answer"] });
    expect(readRows(body)).toEqual({
      rows: [{ part: "calls", labels: { a: "x" }, values: [2] }],
      warnings: ["store-2 did not answer"],
    });
  });

  test("written with spaces are read the long way", () => {
    const body = Buffer.from(
      JSON.stringify(JSON.parse(bodyOf([{ metric: { a: "x" }, value: [1, "2"] }]).toString()), null, 1),
    );
    expect(outcomeOf(body)).toBe("other");
    expect(readRows(body).rows).toEqual([{ part: "calls", labels: { a: "x" }, values: [2] }]);
  });

  test("whose text is no vector any more after the first are an error, never fewer rows", () => {
    const first = bodyOf([{ metric: { a: "x" }, value: [1, "2"] }]).toString();
    for (const odd of ["}},null]}", '}},{"metric":{"a":"y"},"histogram":[1,{}]}]}}', '}}{"metric":{}}']) {
      const body = Buffer.from(first.replace("]}}", odd.slice(2)));
      expect(outcomeOf(body)).toBe("broken");
      expect(() => readRows(body)).toThrow(/prometheus answered.*data\.result\[1\]/);
    }
  });

  test("that never end are given up, not looked through again with each piece", () => {
    const taken = { count: 0 };
    const reader = createVectorReader("__part", () => {
      taken.count += 1;
    });
    reader.take(bodyOf([{ metric: { a: "x" }, value: [1, "2"] }]).subarray(0, -3));
    reader.take(Buffer.from(',{"metric":{"a":"'));
    const piece = Buffer.alloc(65_536, "y");
    for (let i = 0; i < 40; i += 1) reader.take(piece);
    expect([taken.count, reader.outcome()]).toEqual([1, "broken"]);
  });

  test.each([
    ["whole", []],
    ["in pieces", [60, 61, 75, 90, 110]],
  ])("cut anywhere and read %s are an error, never fewer rows", (_, cuts) => {
    const body = bodyOf([
      { metric: { a: "x" }, value: [1, "2"] },
      { metric: { a: "y\\" }, value: [1, "3.5"] },
    ]);
    for (let length = 0; length < body.length; length += 1) {
      expect(() => readRows(body.subarray(0, length), cuts)).toThrow(/prometheus answered/);
    }
  });

  test("of a part nobody asked for are refused", () => {
    const body = bodyOf([{ metric: { __part: "7" }, value: [1, "2"] }]);
    expect(() => readRows(body)).toThrow(/an unknown part/);
  });
});
