import { describe, expect, test } from "@jest/globals";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { Diagnosis } from "../../src/diagnosis/diagnosis.js";
import { type MadeCall, madeEvidence, madeWindow } from "../support/made-traces.js";

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
  test("is named behind the only service that fails after it, with the counts that speak for it", () => {
    const diagnosis = diagnosed({ search: hasPrice });
    expect(names(diagnosis).slice(0, 2)).toEqual(["search", "prices"]);
    expect(diagnosis.suspects[1]).toMatchObject({ grade: "POSSIBLE" });
    expect(diagnosis.suspects[1]?.reasons[0]?.sentence).toBe(
      "It may have answered wrongly: search had its answer in 30 of 30 requests that failed first there, and in 0 of 30 that did not.",
    );
  });

  test("is named before those who fail after it where they are several: one cause is simpler than two", () => {
    const diagnosis = diagnosed({ search: hasPrice, cart: hasPrice });
    expect(names(diagnosis)[0]).toBe("prices");
    expect(diagnosis.suspects[0]).toMatchObject({ grade: "POSSIBLE" });
    expect(names(diagnosis)).toEqual(expect.arrayContaining(["search", "cart"]));
    expect(diagnosis.verdict.sentence).toMatch(/^Possibly prices/);
  });

  test("is nobody's where good requests had the answer as often as those that failed", () => {
    const diagnosis = diagnosed({ search: (number) => number % 4 === 1 || number % 4 === 2 });
    expect(names(diagnosis)[0]).toBe("search");
    expect(names(diagnosis)).not.toContain("prices");
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
