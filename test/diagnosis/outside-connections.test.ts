import { describe, expect, test } from "@jest/globals";
import { diagnose } from "../../src/diagnosis/diagnose.js";
import type { ConnectionMeasure, WindowEvidence } from "../../src/diagnosis/incident-evidence.js";
import { lostHost, outsideConnections } from "../../src/diagnosis/outside-connections.js";
import { serviceKey } from "../../src/telemetry/service-ref.js";
import { type MadeCall, madeEvidence, madeWindow, refOf } from "../support/made-traces.js";

const details = refOf("details");
const to = (host: string, openedCount: number, failedCount = 0): ConnectionMeasure => ({
  source: details,
  destination: { kind: "EXTERNAL", host },
  openedCount,
  failedCount,
});
const [firestore, bucket, hole] = ["firestore.googleapis.com", "storage.googleapis.com", "BlackHoleCluster"];
const request = (isFailing: boolean): MadeCall => ({
  service: "gateway",
  operation: "/",
  calls: [{ service: "details", operation: "GET /details", isError: isFailing }],
});

function windowOf(isFailing: boolean, fromMs: number, connections: readonly ConnectionMeasure[]): WindowEvidence {
  const edges = [
    {
      source: refOf("gateway"),
      destination: { kind: "SERVICE" as const, service: details },
      reporter: "SOURCE" as const,
      destinationVersion: null,
      destinationPod: null,
      requestCount: 60,
      failedCount: isFailing ? 60 : 0,
      durationSumMs: null,
      flags: [],
      parts: [],
    },
  ];
  return { ...madeWindow(60, () => request(isFailing), fromMs), edges, connections };
}

function evidenceOf(now: readonly ConnectionMeasure[], before: readonly ConnectionMeasure[]) {
  return { ...madeEvidence(windowOf(true, 600_000, now), [windowOf(false, 0, before)]), service: details };
}

describe("connections to hosts outside", () => {
  test("that end in a black hole stand with the host that lost them, also where half of the window was well", () => {
    for (const well of [0, 50]) {
      const evidence = evidenceOf(
        [to(hole, 100 - well, 100 - well), to(firestore, well), to(bucket, 40)],
        [to(firestore, 100), to(bucket, 40)],
      );
      const [lost, ...others] = outsideConnections(evidence);
      expect(lost).toMatchObject({ host: firestore, led: hole, before: { openedCount: 100, failedRatio: 0 } });
      expect([lost?.now.openedCount, lost?.now.failedRatio]).toEqual([100, 1 - well / 100]);
      expect(others.map(({ host, led }) => [host, led])).toEqual([[bucket, null]]);
    }
  });

  test("stay where they are when two hosts may be meant, or nothing is known of before", () => {
    const two = evidenceOf([to(hole, 100, 100)], [to(firestore, 100), to(bucket, 100)]);
    expect(outsideConnections(two).map(({ host, led }) => [host, led])).toEqual([[hole, null]]);
    const none = evidenceOf([to(hole, 100, 100)], []);
    expect(lostHost(none, serviceKey(details), "details")?.reason.sentence).toBe(
      `Connections from details to ${hole} fail: 100 % of 100.`,
    );
  });

  test("name the host as the suspect's part, with a node and a failing call in the picture", () => {
    const { suspects, graph } = diagnose(evidenceOf([to(hole, 90, 90)], [to(firestore, 90)]));
    expect(suspects[0]).toMatchObject({ service: details, part: { kind: "EXTERNAL", name: firestore } });
    expect(suspects[0]?.reasons.map(({ sentence }) => sentence)).toContain(
      `Connections from details to ${firestore} fail: 100 % of 90, before 0 %: they end in ${hole}.`,
    );
    const at = graph.nodes.findIndex(({ name }) => name === firestore);
    expect(graph.edges.find(({ destination }) => destination === at)).toMatchObject({
      callsPer100: 150,
      failedRatio: { incident: 1, before: 0 },
    });
  });

  test.each([
    ["failed as often before", [to(firestore, 100, 50)], [to(firestore, 100, 40)]],
    ["hardly fail", [to(firestore, 1000, 20)], [to(firestore, 1000)]],
    ["are few", [to(firestore, 4, 4)], [to(firestore, 4)]],
  ])("are no reason where they %s", (_, now, before) => {
    expect(lostHost(evidenceOf(now, before), serviceKey(details), "details")).toBeNull();
  });
});
