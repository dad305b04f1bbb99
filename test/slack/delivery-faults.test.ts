/** Each fault at each call, with and without a crash after it: nothing lost, nothing out of order, nothing double where Slack can tell. */
import { afterEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { deliveryCalls, deliveryFaults, lookupCalls } from "../support/slack/delivery-faults.js";
import { type DeliveryScene, startDeliveryScene, timeoutFor } from "../support/slack/delivery-scene.js";

let scene: DeliveryScene | null = null;
afterEach(async () => {
  await scene?.close();
  scene = null;
});

/** What stands in the channel of the stand-in when all is well. */
function expectTold(one: DeliveryScene): void {
  const messages = one.slack.workspace.channels[0]?.messages ?? [];
  const anchors = messages.filter(({ threadTs }) => threadTs === null);
  expect(anchors.map(({ text }) => text.slice(0, 10))).toEqual(["✅ RESOLVED"]);
  const replies = messages.filter(({ threadTs }) => threadTs !== null);
  const kinds = replies.map(({ fileIds, blocks }) =>
    fileIds.length > 0 ? "chart" : JSON.stringify(blocks).includes("*Resolved*") ? "resolved" : "evidence",
  );
  expect(kinds).toEqual(["chart", "evidence", "resolved"]);
}

async function live(one: DeliveryScene, crashAfterPasses: readonly number[]): Promise<void> {
  let passes = 0;
  const run = async () => {
    const endMs = one.nowMs() + 3_600_000;
    for (;;) {
      const nextMs = await one.pass();
      passes += 1;
      if (crashAfterPasses.includes(passes)) await one.restart();
      if (nextMs === null || nextMs > endMs) return;
      one.advance(Math.max(0, nextMs - one.nowMs()));
    }
  };
  for (const moment of ["FIRED", "EVIDENCE", "RESOLVED"] as const) {
    await one.tell([moment]);
    await run();
  }
}

describe("a delivery to Slack", () => {
  describe.each(deliveryCalls)("that meets at %s", (call) => {
    test.each(Object.entries(deliveryFaults))("%s comes to the same end", async (_, fault) => {
      scene = await startDeliveryScene(timeoutFor([fault]));
      scene.slack.fail(call, fault);
      await live(scene, [2, 4]);
      expectTold(scene);
      expect(await scene.store().outbox.counts()).toMatchObject({
        QUEUED: 0,
        SENDING: 0,
        AMBIGUOUS: 0,
        FAILED: 0,
        DEAD: 0,
      });
    });
  });

  test.each(lookupCalls)("that cannot look with %s for a while does not repeat what arrived", async (lookup) => {
    scene = await startDeliveryScene();
    scene.slack.fail("chat.postMessage", { kind: "reset", isAccepted: true });
    scene.slack.fail(lookup, { kind: "status", status: 502, isAccepted: false }, 2);
    scene.slack.fail(lookup, { kind: "rate-limited", retryAfterSeconds: 3 });
    await live(scene, []);
    expectTold(scene);
  });

  test("comes to the same end under any faults and crashes", async () => {
    const any = fc.array(
      fc.tuple(fc.constantFrom(...deliveryCalls, ...lookupCalls), fc.constantFrom(...Object.values(deliveryFaults))),
      {
        maxLength: 6,
      },
    );
    await fc.assert(
      fc.asyncProperty(any, fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 3 }), async (planned, crashes) => {
        const one = await startDeliveryScene(timeoutFor(planned.map(([, fault]) => fault)));
        try {
          for (const [call, fault] of planned) one.slack.fail(call, fault);
          await live(one, crashes);
          expectTold(one);
        } finally {
          await one.close();
        }
      }),
      { numRuns: 5 },
    );
  });

  test("cut short between the call and its answer is looked for, not repeated", async () => {
    scene = await startDeliveryScene();
    await scene.tell(["FIRED"]);
    const [delivery] = await scene.deliveries();
    // As kill -9 leaves it: begun in the store, accepted by Slack, never settled.
    await scene.store().outbox.begin(delivery?.id ?? "", scene.nowMs());
    const [channel] = scene.slack.workspace.channels;
    if (channel === undefined) throw new Error("the scene has a channel");
    const metadata = { event_type: "meshlens_incident", event_payload: { delivery_id: delivery?.id } };
    const rest = {
      threadTs: null,
      text: "PAGE",
      blocks: null,
      metadata,
      isBroadcast: false,
      fileIds: [],
      byWebhook: false,
    };
    const { ts } = scene.slack.workspace.post(channel, rest);
    await scene.restart();
    await scene.settle();
    expect(channel.messages.map((message) => message.ts)).toEqual([ts]);
    expect(await scene.deliveries()).toMatchObject([{ state: "SENT", receipt: { ts } }]);
  });

  test("writes nothing secret whatever goes wrong", async () => {
    const written: string[] = [];
    const real = { out: process.stdout.write, err: process.stderr.write };
    const keep = (text: string | Uint8Array) => {
      written.push(String(text));
      return true;
    };
    process.stdout.write = keep;
    process.stderr.write = keep;
    try {
      for (const [name, fault] of Object.entries(deliveryFaults)) {
        const one = await startDeliveryScene({
          ...timeoutFor([fault]),
          ...(name === "internal_error" && { token: "xoxb-of-another-app" }),
        });
        for (const call of [...deliveryCalls, ...lookupCalls]) one.slack.fail(call, fault);
        await live(one, [3]);
        written.push(...one.log, JSON.stringify((await one.deliveries()).map(({ error }) => error)));
        await one.close();
      }
    } finally {
      process.stdout.write = real.out;
      process.stderr.write = real.err;
    }
    const text = written.join("\n");
    expect(text).toContain("failed");
    expect(text).not.toMatch(
      /xox[a-z]-|hooks\.slack|\/services\/|127\.0\.0\.1|<html|Welcome to the proxy|burns its availability/,
    );
  });
});
