import { describe, expect, test } from "@jest/globals";
import { logGamma, logLikelihood, meanOf, normalBelow, weakened } from "../../src/diagnosis/beta-binomial.js";
import { judge, type Prior, priorOf } from "../../src/diagnosis/change-test.js";
import { type Exposure, noExposure, type Tally } from "../../src/diagnosis/tally.js";

function exposure(n: number, x: number): Exposure {
  return { ...noExposure(), n, n2: n, x, x2: x };
}

function tally(incident: Exposure, ...baselines: readonly Exposure[]): Tally {
  return { key: "k", kind: "ERRORS", services: ["s"], name: "op", external: null, incident, baselines };
}

/** Places that never fail, but for one in ten that nearly always does. */
const uShaped = Array.from({ length: 40 }, (_, i) => tally(noExposure(), exposure(30, i % 10 === 0 ? 29 : 0)));

describe("arithmetic of uncertain shares", () => {
  test("knows factorials, halves and large numbers of the gamma function", () => {
    expect(logGamma(5)).toBeCloseTo(Math.log(24), 10);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 10);
    expect(logGamma(101)).toBeCloseTo(363.7393755555635, 8);
  });

  test("gives every count of a uniform share the same likelihood", () => {
    const uniform = { bad: 1, good: 1 };
    const choose = (n: number, k: number) => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
    for (const x of [0, 3, 10]) expect(logLikelihood(x, 10, uniform) + choose(10, x)).toBeCloseTo(-Math.log(11), 10);
  });

  test("keeps the mean of a weakened belief", () => {
    const weak = weakened({ bad: 30, good: 70 }, 10);
    expect(meanOf(weak)).toBeCloseTo(0.3, 12);
    expect(weak.bad + weak.good).toBeCloseTo(10, 12);
  });

  test("knows the normal distribution", () => {
    expect(normalBelow(0)).toBeCloseTo(0.5, 6);
    expect(normalBelow(1.96)).toBeCloseTo(0.975, 4);
  });
});

describe("the judgement of a share", () => {
  const prior: Prior = priorOf(uShaped);

  test("learns that places are of two kinds", () => {
    expect(prior.belief.bad + prior.belief.good).toBeLessThan(1);
  });

  test("takes errors at a place known to be clean for a change", () => {
    const { logFactor, expectedRatio } = judge(tally(exposure(20, 10), exposure(40, 0)), prior, null);
    expect(logFactor).toBeGreaterThan(10);
    expect(expectedRatio).toBeLessThan(0.01);
  });

  test("takes as many errors as ever for no change", () => {
    expect(judge(tally(exposure(20, 10), exposure(40, 20)), prior, null).logFactor).toBeLessThan(1);
    expect(judge(tally(exposure(20, 5), exposure(40, 20)), prior, null).logFactor).toBe(0);
  });

  test("doubts errors at a place never seen before more than at one seen often", () => {
    const unseen = judge(tally(exposure(4, 4), noExposure()), prior, null);
    const seen = judge(tally(exposure(4, 4), exposure(40, 0)), prior, null);
    expect(unseen.logFactor).toBeLessThan(2);
    expect(seen.logFactor).toBeGreaterThan(unseen.logFactor + 2);
    expect(unseen.standardError).toBeGreaterThan(seen.standardError);
  });

  test("trusts what longer time has taught about a place seen too seldom", () => {
    const place = tally(exposure(5, 5), noExposure());
    expect(judge(place, prior, 0.6).logFactor).toBeLessThan(judge(place, prior, 0.0001).logFactor - 3);
  });

  test("allows more where windows differ among themselves", () => {
    const steady = Array.from({ length: 10 }, () =>
      tally(noExposure(), exposure(50, 10), exposure(50, 10), exposure(50, 10)),
    );
    const moody = Array.from({ length: 10 }, () =>
      tally(noExposure(), exposure(50, 0), exposure(50, 30), exposure(50, 0)),
    );
    expect(priorOf(moody).most).toBeLessThan(priorOf(steady).most);
    const place = tally(exposure(50, 20), exposure(50, 10), exposure(50, 10), exposure(50, 10));
    expect(judge(place, priorOf(moody), null).logFactor).toBeLessThan(judge(place, priorOf(steady), null).logFactor);
  });
});
