/** A sample of the delivery matrix, whose thousands of runs scripts/soak-slack.mjs makes. */
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { deliveryCalls, deliveryFaults, lookupCalls } from "../support/slack/delivery-faults.js";
import { deliveryReport } from "../support/slack/delivery-report.js";
import { planStory, playStory } from "../support/slack/delivery-story.js";
import { killADelivery } from "../support/slack/kill-a-delivery.js";

const nothingWrong = { lost: [], disordered: [], doubled: [] };

describe("an incident told to Slack", () => {
  test("arrives whole, in order and once, whatever fails and wherever the process dies", async () => {
    const anywhere = fc.constantFrom(...deliveryCalls, ...lookupCalls);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(deliveryFaults)),
        anywhere,
        fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { minLength: 10, maxLength: 10 }),
        async (fault, step, chances) => {
          const left = [...chances];
          const plan = planStory({ mode: "bot", fault, step, random: () => left.shift() ?? 0 });
          expect(await playStory(plan)).toMatchObject(nothingWrong);
        },
      ),
      { numRuns: 12, endOnFailure: true },
    );
  });

  test("arrives when it dies at each of its first steps", async () => {
    for (let step = 1; step <= 24; step += 1) {
      const plan = { mode: "bot", faults: [], deaths: [step, step], passesBetween: null } as const;
      expect(await playStory(plan)).toMatchObject({ ...nothingWrong, deaths: 2 });
    }
  });

  test("is told twice, not never, where a webhook says nothing of what arrived", async () => {
    const fault = { kind: "reset", isAccepted: true } as const;
    const plan = { mode: "webhook", faults: [{ call: "webhook", fault }], deaths: [], passesBetween: null } as const;
    expect(await playStory(plan)).toMatchObject({ lost: [], disordered: [], doubled: ["TICKET"] });
  });

  test("arrives from a process that is really killed before and after a call took effect", async () => {
    const told = await killADelivery([{ atStep: 2 }, { atStep: 3 }]);
    expect(told).toEqual({ ...nothingWrong, kills: 2 });
  });

  test("is counted in a table of faults and steps", () => {
    const run = { mode: "bot", fault: "a 429", step: "upload", ...nothingWrong, deaths: 2, faultsMet: 1 };
    const report = deliveryReport(
      [run, { ...run, mode: "webhook", doubled: ["PAGE"] }],
      [{ ...nothingWrong, kills: 3 }],
    );
    expect(report).toContain("| bot | 1 | 2 | 1 | 0 | 0 | 0 |");
    expect(report).toContain("| webhook | 1 | 2 | 1 | 0 | 0 | 1 |");
    expect(report).toContain("| a 429 | 0, 0 | 0, 0 | 0, 0 | 1, 2 |");
  });
});
