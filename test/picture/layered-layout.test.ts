import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type Layout, type Link, layeredLayout, type Size } from "../../src/picture/layered-layout.js";
import { placeRow } from "../../src/picture/place-row.js";

const box: Size = { width: 120, height: 60 };
const words: Size = { width: 90, height: 34 };
const link = (source: number, destination: number): Link => ({ source, destination, label: words });

interface Rectangle extends Size {
  readonly x: number;
  readonly y: number;
}

function rectangles(layout: Layout, sizes: readonly Size[], links: readonly Link[]): readonly Rectangle[] {
  return [
    ...layout.boxes.map((at, i) => ({ ...at, ...(sizes[i] ?? box) })),
    ...layout.links.flatMap(({ label }, i) => (label === null ? [] : [{ ...label, ...(links[i]?.label ?? words) }])),
  ];
}

function isApart(a: Rectangle, b: Rectangle): boolean {
  const slack = 0.001;
  return (
    a.x + a.width <= b.x + slack ||
    b.x + b.width <= a.x + slack ||
    a.y + a.height <= b.y + slack ||
    b.y + b.height <= a.y + slack
  );
}

const size = fc.record({ width: fc.integer({ min: 40, max: 260 }), height: fc.integer({ min: 30, max: 110 }) });
const graph = fc.array(size, { minLength: 1, maxLength: 15 }).chain((sizes) =>
  fc.record({
    sizes: fc.constant(sizes),
    links: fc.array(
      fc.record({
        source: fc.nat(sizes.length - 1),
        destination: fc.nat(sizes.length - 1),
        label: fc.option(size),
      }),
      { maxLength: 24 },
    ),
  }),
);

describe("the layout of a picture", () => {
  test("puts a callee below its caller, words between them, and a link from edge to edge", () => {
    const { boxes, links } = layeredLayout([box, box], [link(0, 1)]);
    const [caller, callee] = boxes;
    const [only] = links;
    expect(callee?.y).toBeGreaterThan((caller?.y ?? 0) + box.height + words.height);
    expect(only?.label?.y).toBeGreaterThan((caller?.y ?? 0) + box.height);
    expect(only?.route[0]?.y).toBe((caller?.y ?? 0) + box.height);
    expect(only?.route.at(-1)?.y).toBe(callee?.y);
  });

  test("keeps a chain straight", () => {
    const { boxes } = layeredLayout([box, box, box], [link(0, 1), link(1, 2)]);
    expect(new Set(boxes.map(({ x }) => Math.round(x))).size).toBe(1);
  });

  test("puts who is called by nobody right above what it calls", () => {
    const { boxes } = layeredLayout([box, box, box, box], [link(0, 1), link(1, 2), link(3, 2)]);
    expect(boxes[3]?.y).toBe(boxes[1]?.y);
  });

  test("draws a circle: one link of it leads upwards", () => {
    const { boxes, links } = layeredLayout([box, box], [link(0, 1), link(1, 0)]);
    const [down, up] = links;
    expect(down?.route[0]?.y).toBeLessThan(down?.route.at(-1)?.y ?? 0);
    expect(up?.route[0]?.y).toBe(boxes[1]?.y);
    expect(up?.route.at(-1)?.y).toBe((boxes[0]?.y ?? 0) + box.height);
  });

  test("lets nothing overlap, stand outside, or grow without bounds, whatever calls what", () => {
    fc.assert(
      fc.property(graph, ({ sizes, links }) => {
        const layout = layeredLayout(sizes, links);
        const all = rectangles(layout, sizes, links);
        for (const [i, one] of all.entries()) {
          expect(one.x).toBeGreaterThanOrEqual(-0.001);
          expect(one.y).toBeGreaterThanOrEqual(-0.001);
          expect(one.x + one.width).toBeLessThanOrEqual(layout.width + 0.001);
          expect(one.y + one.height).toBeLessThanOrEqual(layout.height + 0.001);
          for (const other of all.slice(i + 1)) expect([one, other, isApart(one, other)]).toContain(true);
        }
        // No margin is left that nothing needs.
        const points = layout.links.flatMap(({ route }) => route);
        const left = Math.min(...all.map(({ x }) => x), ...points.map(({ x }) => x));
        const right = Math.max(...all.map(({ x, width }) => x + width), ...points.map(({ x }) => x));
        expect(left).toBeLessThan(10);
        expect(right).toBeGreaterThan(layout.width - 10);
        expect(layout.height).toBeLessThan(15 * 110 + 15 * 260);
      }),
      { numRuns: 200 },
    );
  });

  test("is the same every time, and nothing is nothing", () => {
    const links = [link(0, 1), link(0, 2), link(2, 1)];
    expect(layeredLayout([box, box, box], links)).toEqual(layeredLayout([box, box, box], links));
    expect(layeredLayout([], [])).toEqual({ width: 0, height: 0, boxes: [], links: [] });
  });
});

describe("boxes of a row", () => {
  test("stand where they wish while there is room, else side by side around it", () => {
    expect(
      placeRow(
        [
          { wish: 0, width: 10 },
          { wish: 100, width: 10 },
        ],
        5,
      ),
    ).toEqual([0, 100]);
    expect(
      placeRow(
        [
          { wish: 50, width: 10 },
          { wish: 50, width: 10 },
        ],
        5,
      ),
    ).toEqual([42.5, 57.5]);
  });
});
