import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  decodeCursor,
  logCursor,
  logsOfCursor,
  serviceCursor,
  serviceOfCursor,
  traceCursor,
  traceOfCursor,
} from "../../src/graphql/cursors.js";
import { serviceId } from "../../src/graphql/ids.js";

function decoded(cursor: string) {
  const place = decodeCursor(cursor);
  if (place === null) throw new Error(`${cursor} is no cursor`);
  return place;
}

const ref = { cluster: "east", namespace: "shop", name: "cart" };

describe("cursors", () => {
  test("of services give the service back", () => {
    const cursor = decoded(serviceCursor(ref));
    expect(cursor.kind).toBe("services");
    expect(serviceOfCursor(cursor)).toEqual(ref);
  });

  test("of traces keep fractions of a millisecond", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 4e12, noNaN: true }), fc.string(), (startMs, traceId) => {
        expect(traceOfCursor(decoded(traceCursor({ startMs, traceId })))).toEqual({ startMs, traceId });
      }),
    );
  });

  test("of logs keep the place of every source", () => {
    const position = fc.record({ atMs: fc.double({ min: 0, max: 4e12, noNaN: true }), ids: fc.array(fc.string()) });
    const sources = fc.string().filter((name) => name !== "__proto__");
    fc.assert(
      fc.property(fc.dictionary(sources, position, { noNullPrototype: true }), (positions) => {
        expect(logsOfCursor(decoded(logCursor(positions)))).toEqual(positions);
      }),
    );
  });

  test("are refused when they are anything else, an id for example", () => {
    expect(decodeCursor(serviceId(ref))).toBeNull();
    expect(decodeCursor(`${serviceCursor(ref)}A`)).toBeNull();
    fc.assert(fc.property(fc.string(), (text) => decodeCursor(text) === null));
  });
});
