import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { strikeHost, strikeNames, strikeTags } from "../../src/telemetry/strike-names.js";
import { seeAll } from "../../src/telemetry/visibility.js";

const shop = { namespaces: new Set(["shop"]) };

describe("names of services out of sight", () => {
  test.each([
    ["outbound|9080|v2|ratings.bank.svc.cluster.local", "outbound|9080|v2|(hidden)"],
    ["outbound_.9080_._.ratings.bank.svc.cluster.local", "outbound_.9080_._.(hidden)"],
    ["ratings.bank.svc:9080/*", "(hidden):9080/*"],
    ["RATINGS.BANK.SVC.cluster.local and cart.shop.svc.cluster.local", "(hidden) and cart.shop.svc.cluster.local"],
    ["RATINGS.BANK.SVC.CLUSTER.LOCAL", "(hidden)"],
    ["*.bank.svc.cluster.local", "(hidden)"],
    ["by spiffe://cluster.local/ns/bank/sa/ratings-v1.", "by (hidden)"],
    ["principals: cluster.local/ns/shop/sa/cart", "principals: cluster.local/ns/shop/sa/cart"],
    ["nothing of the kind: a.b, 10.0.0.1, api.example.com", "nothing of the kind: a.b, 10.0.0.1, api.example.com"],
  ])("are struck out of %s", (text, shown) => {
    expect(strikeNames(text, shop)).toBe(shown);
    expect(strikeNames(text, seeAll)).toBe(text);
  });

  test.each([
    ["ratings.bank:9080", "(hidden):9080"],
    ["http://ratings.bank/x?y", "http://(hidden)/x?y"],
    ["http://cart.shop:80/", "http://cart.shop:80/"],
    ["https://stripe.com/v1", "https://stripe.com/v1"],
    ["10.0.0.1:9080", "10.0.0.1:9080"],
    ["reviews:9080", "reviews:9080"],
  ])("are struck out of the host %s", (text, shown) => {
    expect(strikeHost(text, shop)).toBe(shown);
  });

  test("go from a span's tags with both ends that a waypoint names", () => {
    const tags = {
      "istio.source_namespace": "bank",
      "istio.source_workload": "ratings-v1",
      "istio.destination_namespace": "shop",
      "istio.destination_workload": "cart",
      "peer.service": "ratings.bank",
      "http.flavor": "1.1",
    };
    expect(strikeTags(tags, shop)).toEqual({
      "istio.destination_namespace": "shop",
      "istio.destination_workload": "cart",
      "peer.service": "(hidden)",
      "http.flavor": "1.1",
    });
    expect(strikeTags(tags, seeAll)).toBe(tags);
  });

  test("are struck out wherever they stand, and text without them stays as it is", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
    const around = fc.stringMatching(/^[ A-Z,;"'(){}|]{0,20}$/);
    fc.assert(
      fc.property(around, name, around, (before, service, after) => {
        const text = `${before} ${service}.bank.svc.cluster.local ${after}`;
        expect(strikeNames(text, shop)).toBe(`${before} (hidden) ${after}`);
        expect(strikeNames(`${before}${service}${after}`, shop)).toBe(`${before}${service}${after}`);
      }),
    );
  });
});
