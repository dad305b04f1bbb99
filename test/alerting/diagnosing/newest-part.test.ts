import { describe, expect, test } from "@jest/globals";
import { isNewer } from "../../../src/alerting/diagnosing/newest-part.js";
import type { Diagnosis } from "../../../src/diagnosis/diagnosis.js";

/** Only what the choice looks at. */
function suspecting(...scores: readonly (readonly [name: string, score: number])[]): Diagnosis {
  const suspects = scores.map(([name, score]) => ({
    service: { cluster: "default", namespace: "shop", name },
    score,
    standardError: 2,
  }));
  return { suspects } as unknown as Diagnosis;
}

describe("the newest part of a window", () => {
  test("is the answer where the whole thins out what it shows", () => {
    expect(isNewer(suspecting(["cart", 40]), suspecting(["cart", 11]))).toBe(true);
    expect(isNewer(suspecting(["cart", 40]), suspecting())).toBe(true);
  });

  test("is not where the whole shows as much: it rests on more", () => {
    expect(isNewer(suspecting(["cart", 40]), suspecting(["cart", 35]))).toBe(false);
  });

  test("is where the whole names who has been well since", () => {
    expect(isNewer(suspecting(["cart", 40]), suspecting(["stock", 60], ["cart", 10]))).toBe(true);
    expect(isNewer(suspecting(["cart", 40], ["stock", 55]), suspecting(["stock", 60], ["cart", 10]))).toBe(false);
  });

  test("is not where it tells nothing beyond chance", () => {
    expect(isNewer(suspecting(), suspecting(["cart", 35]))).toBe(false);
    expect(isNewer(suspecting(["cart", 2.5]), suspecting())).toBe(false);
  });
});
