import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decodeId, graphNodeId, serviceId, serviceOfId } from "../../src/graphql/ids.js";
import { decodeOpaque, encodeOpaque } from "../../src/graphql/opaque.js";

const refs = fc.record({ cluster: fc.string(), namespace: fc.string(), name: fc.string({ unit: "binary" }) });

describe("global ids", () => {
  test("give the service back that they were made of", () => {
    fc.assert(
      fc.property(refs, (ref) => {
        const id = decodeId(serviceId(ref));
        expect(id && serviceOfId(id)).toEqual(ref);
      }),
    );
  });

  test("differ for different services, also where the names joined are alike", () => {
    const ref = { cluster: "east", namespace: "shop", name: "cart" };
    expect(serviceId(ref)).not.toBe(serviceId({ ...ref, namespace: "shopcart", name: "" }));
    expect(serviceId(ref)).toBe(serviceId({ ...ref }));
  });

  test("are refused when any character was changed", () => {
    fc.assert(
      fc.property(refs, fc.nat(), fc.constantFrom("A", "b", "0", "_"), (ref, place, letter) => {
        const id = serviceId(ref);
        const at = place % id.length;
        const changed = id.slice(0, at) + letter + id.slice(at + 1);
        expect(decodeId(changed) === null).toBe(changed !== id);
      }),
    );
  });

  test("are refused when they are text of another making", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(decodeId(text)).toBeNull();
      }),
    );
    expect(decodeId("x".repeat(20_000))).toBeNull();
    expect(decodeId(encodeOpaque({ kind: "after-services", parts: ["a", "b", "c"] }))).toBeNull();
  });

  test("of graph nodes that are no service name no service", () => {
    const id = decodeId(graphNodeId("external:db.example.com"));
    expect(id).toEqual({ kind: "node", parts: ["external:db.example.com"] });
    expect(id && serviceOfId(id)).toBeNull();
  });

  test("are tokens that survive a URL", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (parts) => {
        const token = encodeOpaque({ kind: "slo", parts });
        expect(encodeURIComponent(token)).toBe(token);
        expect(decodeOpaque(token)).toEqual({ kind: "slo", parts });
      }),
    );
  });
});
