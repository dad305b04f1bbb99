import { describe, expect, test } from "@jest/globals";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { Diagnosis } from "../../src/diagnosis/diagnosis.js";
import type { WindowEvidence } from "../../src/diagnosis/incident-evidence.js";
import { countedEdge } from "../support/made-edges.js";
import { type MadeCall, madeEvidence, madeWindow, refOf } from "../support/made-traces.js";

/** Who fails by itself in which requests; every third request asks the cart, the others the search; half of each ask for a price. */
type Failing = { readonly cart?: (number: number) => boolean; readonly search?: (number: number) => boolean };

const hasPrice = (number: number): boolean => number % 2 === 0;

function shop({ cart = () => false, search = () => false }: Failing): (number: number) => MadeCall {
  return (number) => {
    const price: MadeCall = { service: "prices", selfMs: 3 + (number % 5) * 0.2 };
    const calls: readonly MadeCall[] = [
      { service: "stock", selfMs: 4 + (number % 4) * 0.2 },
      ...(hasPrice(number) ? [price] : []),
    ];
    const asked: MadeCall =
      number % 3 === 0
        ? { service: "cart", calls, isError: cart(number) }
        : { service: "search", calls, isError: search(number) };
    return { service: "gateway", calls: [asked], isError: asked.isError ?? false };
  };
}

const before = [madeWindow(60, shop({})), madeWindow(60, shop({}), 100_000)];
const diagnosed = (failing: Failing): Diagnosis =>
  diagnose(madeEvidence(madeWindow(90, shop(failing), 600_000), before, { onsetMs: 600_000 }));
const names = ({ suspects }: Diagnosis): readonly string[] => suspects.map(({ service }) => service.name);

describe("a wrong answer", () => {
  test("is named before the only service that fails after it where its failures keep to it, with the counts that say so", () => {
    const diagnosis = diagnosed({ search: hasPrice });
    expect(names(diagnosis).slice(0, 2)).toEqual(["prices", "search"]);
    expect(diagnosis.suspects.map(({ grade }) => grade)).not.toContain("LIKELY");
    expect(diagnosis.suspects[0]?.reasons[0]?.sentence).toBe(
      "It may have answered wrongly: search had its answer in 30 of 30 visits that failed first there, and in 40 of 110 that did not, now and before.",
    );
  });

  test("is named behind who fails after it where every visit asks it, and neither is likely: nothing tells them apart", () => {
    const diagnosis = diagnosed({ search: (number) => !hasPrice(number) });
    expect(names(diagnosis).slice(0, 2)).toEqual(["search", "stock"]);
    expect(diagnosis.suspects.map(({ grade }) => grade)).not.toContain("LIKELY");
  });

  test("makes nobody doubt a service that fails before it asks anybody", () => {
    const isSick = (number: number): boolean => number % 2 === 1;
    const early = (number: number): MadeCall => {
      const { calls: [asked] = [], ...gateway } = shop({ search: isSick })(number);
      return asked?.isError === true
        ? { ...gateway, calls: [{ ...asked, calls: [] }] }
        : { ...gateway, calls: asked === undefined ? [] : [asked] };
    };
    const diagnosis = diagnose(madeEvidence(madeWindow(90, early, 600_000), before, { onsetMs: 600_000 }));
    expect(diagnosis.suspects[0]).toMatchObject({ service: { name: "search" }, grade: "LIKELY" });
    expect(names(diagnosis)).not.toContain("stock");
  });

  test("leaves a service likely that was rolled out just before it failed", () => {
    const rollout = {
      id: "1",
      atMs: 590_000,
      kind: "Deployment",
      namespace: "shop",
      name: "search-v2",
      summary: "image 2",
      services: [refOf("search")],
    };
    const incident = madeWindow(90, shop({ search: (number) => !hasPrice(number) }), 600_000);
    const diagnosis = diagnose(madeEvidence(incident, before, { onsetMs: 600_000, changes: [rollout] }));
    expect(diagnosis.suspects[0]).toMatchObject({ service: { name: "search" }, grade: "LIKELY" });
  });

  test("is named before those who fail after it where they are several: one cause is simpler than two", () => {
    const diagnosis = diagnosed({ search: hasPrice, cart: hasPrice });
    expect(names(diagnosis)[0]).toBe("prices");
    expect(diagnosis.suspects[0]).toMatchObject({ grade: "POSSIBLE" });
    expect(names(diagnosis)).toEqual(expect.arrayContaining(["search", "cart"]));
    expect(diagnosis.verdict.sentence).toMatch(/^Possibly prices/);
  });

  test("stands behind a second fault that explains more: only one of the two is in doubt", () => {
    const withSlowCart = (number: number): MadeCall => {
      const { calls: [asked] = [], ...gateway } = shop({ search: (one) => !hasPrice(one) })(number);
      if (asked === undefined) return gateway;
      return { ...gateway, calls: [asked.service === "cart" ? { ...asked, selfMs: 500 } : asked] };
    };
    const diagnosis = diagnose(madeEvidence(madeWindow(90, withSlowCart, 600_000), before, { onsetMs: 600_000 }));
    expect(new Set(names(diagnosis).slice(0, 2))).toEqual(new Set(["search", "cart"]));
    expect(names(diagnosis)[2]).toBe("stock");
    expect(diagnosis.suspects.map(({ service, grade }) => [service.name, grade])).toContainEqual(["cart", "LIKELY"]);
  });

  test("is nobody's where good requests had the answer as often as those that failed", () => {
    const diagnosis = diagnosed({ search: (number) => number % 4 === 1 || number % 4 === 2 });
    expect(names(diagnosis)[0]).toBe("search");
    expect(names(diagnosis)).not.toContain("prices");
  });
});

describe("an early return", () => {
  const isHasty = (number: number): boolean => number % 2 === 0;
  const asks =
    (isSick: (number: number) => boolean, answered: (number: number) => boolean) =>
    (number: number): MadeCall => ({
      service: "gateway",
      isError: !answered(number),
      calls: [
        {
          service: "search",
          isError: !answered(number),
          calls: [{ service: "prices", calls: isSick(number) ? [] : [{ service: "stock" }] }],
        },
      ],
    });
  const well = () => true;
  const quiet = [
    madeWindow(
      60,
      asks(() => false, well),
    ),
    madeWindow(
      60,
      asks(() => false, well),
      100_000,
    ),
  ];

  test("that harms nobody is possible, by the calls that were left out", () => {
    const diagnosis = diagnose(madeEvidence(madeWindow(60, asks(isHasty, well), 600_000), quiet, {}));
    expect(diagnosis.suspects[0]).toMatchObject({ service: { name: "prices" }, grade: "POSSIBLE" });
    expect(diagnosis.suspects[0]?.reasons[0]?.sentence).toBe(
      "prices called nobody in 50 % of these requests (`GET /`), usually in 0 %, and told no error: an early return looks like this.",
    );
  });

  test("stands before the caller that fails after it, though every visit asks it", () => {
    const diagnosis = diagnose(
      madeEvidence(
        madeWindow(
          60,
          asks(isHasty, (number) => !isHasty(number)),
          600_000,
        ),
        quiet,
        {},
      ),
    );
    expect(names(diagnosis).slice(0, 2)).toEqual(["prices", "search"]);
    expect(diagnosis.suspects.map(({ grade }) => grade)).not.toContain("LIKELY");
  });

  test("is seen by counts of calls where there are no traces, and who fails after an answer is not likely by counts alone", () => {
    const counted = (ratio: number, failedRatio: number, fromMs = 0): WindowEvidence => ({
      ...madeWindow(0, shop({}), fromMs),
      traces: null,
      edges: [
        countedEdge(null, "gateway", 1000, 1000 * failedRatio),
        countedEdge("gateway", "search", 1000, 1000 * failedRatio),
        countedEdge("search", "prices", 1000, 0),
        countedEdge("prices", "stock", 1000 * ratio, 0),
      ],
    });
    const calm = [0, 1, 2].map((number) => counted(1, 0, number * 100_000));
    const silent = diagnose(madeEvidence(counted(0.5, 0, 600_000), calm, {}));
    expect(silent.suspects[0]).toMatchObject({ service: { name: "prices" }, grade: "POSSIBLE" });
    const failing = diagnose(madeEvidence(counted(1, 0.5, 600_000), calm, {}));
    expect(names(failing).slice(0, 2)).toEqual(["search", "prices"]);
    expect(failing.suspects.map(({ grade }) => grade)).not.toContain("LIKELY");
    expect(failing.suspects[1]?.reasons[0]?.sentence).toBe(
      "It may have answered wrongly: search fails by itself, but asked it in 100 % of the calls it got, before in 100 %.",
    );
  });
});

describe("a fault that comes again", () => {
  const bursts = [0, 1, 2, 3, 4, 5].map((i) =>
    madeWindow(30, shop(i % 3 === 1 ? { search: () => true } : {}), i * 100_000),
  );

  test("is named, though some of the windows before were as bad, and held against the calm ones", () => {
    const diagnosis = diagnose(madeEvidence(madeWindow(60, shop({ search: () => true }), 900_000), bursts, {}));
    expect(names(diagnosis)[0]).toBe("search");
    expect(diagnosis.suspects[0]?.pieces[0]?.expected).toBeLessThan(5);
  });

  test("is no suspect once it has ended", () => {
    const diagnosis = diagnose(madeEvidence(madeWindow(60, shop({}), 900_000), bursts, {}));
    expect(diagnosis.suspects).toEqual([]);
  });
});
