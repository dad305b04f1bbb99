import { createHash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { bookinfoMesh } from "../../../src/demo/meshes/bookinfo/bookinfo-mesh.js";
import { createSimulation } from "../../../src/demo/simulation/create-simulation.js";
import { trafficFactor } from "../../../src/demo/simulation/traffic-curve.js";

const startMs = Date.UTC(2026, 10, 21, 6);

function digest(seed: number, stepsMs: readonly number[]): string {
  const hash = createHash("sha256");
  const simulation = createSimulation({ mesh: bookinfoMesh, seed, startMs });
  for (const stepMs of stepsMs)
    simulation.advance(simulation.nowMs() + stepMs, (root) => hash.update(JSON.stringify(root)));
  return hash.digest("hex");
}

describe("createSimulation()", () => {
  test("gives the same requests for the same seed, in one long step or in many short ones", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 40 }),
        fc.array(fc.integer({ min: 0, max: 4000 })),
        (seed, stepsMs) => {
          const wholeMs = stepsMs.reduce((sum, stepMs) => sum + stepMs, 0);
          expect(digest(seed, stepsMs)).toBe(digest(seed, [wholeMs]));
        },
      ),
      { numRuns: 20 },
    );
  });

  test("gives other requests for another seed", () => {
    expect(digest(1, [5000])).not.toBe(digest(2, [5000]));
    expect(digest(1, [5000])).not.toBe(digest(1 + 2 ** 32, [5000]));
  });

  test("lets users come by the day's curve, ten a second on the mean of a day", () => {
    expect(bookinfoMesh.requestsPerSecond).toBe(10);
    const simulation = createSimulation({ mesh: bookinfoMesh, seed: 3, startMs, requestsPerSecond: 1 });
    const perHour = new Array<number>(24).fill(0);
    simulation.advance(startMs + 86_400_000, (root) => {
      const hour = Math.min(23, Math.floor((root.client.startMs - startMs) / 3_600_000));
      perHour[hour] = (perHour[hour] ?? 0) + 1;
    });
    for (const [hour, count] of perHour.entries()) {
      const wished = 3600 * trafficFactor(startMs + (hour + 0.5) * 3_600_000);
      expect(Math.abs(count / wished - 1)).toBeLessThan(0.1);
    }
    const sum = perHour.reduce((one, other) => one + other, 0);
    expect(Math.abs(sum / 86_400 - 1)).toBeLessThan(0.01);
  });

  test("switches at the wished instant, at once when that has passed, and the last switch wins", () => {
    const simulation = createSimulation({ mesh: bookinfoMesh, seed: 3, startMs });
    const blockedMs: number[] = [];
    const advance = (seconds: number): void =>
      simulation.advance(startMs + seconds * 1000, (root) => {
        const details = root.attempts[0]?.work?.calls[0];
        if (details?.kind === "http" && details.client.status === 500) blockedMs.push(root.client.startMs - startMs);
      });
    simulation.switchTo("egress-blocked", startMs + 20_000);
    simulation.switchTo("healthy", startMs + 40_000);
    advance(30);
    expect(simulation.scenario()).toBe("egress-blocked");
    advance(60);
    expect(simulation.scenario()).toBe("healthy");
    simulation.switchTo("egress-blocked", startMs);
    advance(80);
    expect(blockedMs.length).toBeGreaterThan(200);
    for (const atMs of blockedMs) expect((atMs > 20_000 && atMs < 40_001) || atMs > 60_000).toBe(true);
  });
});
