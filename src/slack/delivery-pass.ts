/** One look at the outbox: everything whose turn has come is attempted, channel by channel. The notifier calls it again and again. */
import type { OutboxStore, StoredDelivery } from "../store/outbox-store.js";
import type { Clock } from "../telemetry/clock.js";
import { asJson, type DeliveryPayload, readPayload } from "./delivery-payload.js";
import { failureWords, judgeAttempt } from "./judge-attempt.js";
import type { Pace, PaceKind } from "./pace.js";
import { type Anchor, type Plan, planAttempt } from "./plan-attempt.js";
import { type SendPlan, type Sent, send } from "./send.js";
import { refusalKind } from "./slack-errors.js";
import type { SlackPort } from "./slack-port.js";

/** What happens, for logs and metrics; no secrets, nothing of a message. */
export interface DeliveryObserver {
  sent(delivery: {
    readonly id: string;
    readonly channel: string;
    readonly waitedMs: number;
    readonly isFound: boolean;
  }): void;
  failed(delivery: {
    readonly id: string;
    readonly channel: string;
    readonly state: string;
    readonly error: string;
  }): void;
}

/** What a pass needs. */
export interface PassDeps {
  readonly outbox: OutboxStore;
  readonly slack: SlackPort;
  readonly clock: Clock;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly pace: Pace;
  readonly observer?: DeliveryObserver;
  /** Whether no other copy can have taken over what was begun: asked last before Slack is. */
  readonly isSurelyOurs?: () => boolean;
  /** After which a delivery that never got through is given up. Default 24 h. */
  readonly maxAgeMs?: number;
}

/** What a pass says: how many were attempted, and when the next may be, null when nothing waits. */
export interface PassResult {
  readonly attempted: number;
  readonly nextMs: number | null;
}

const atOnce = 200;
const dayMs = 86_400_000;

/** A pass over what is due. Rejects only when the store does. */
export function createDeliveryPass(deps: PassDeps): () => Promise<PassResult> {
  const { outbox, slack, clock, random, pace, observer, isSurelyOurs = () => true, maxAgeMs = dayMs } = deps;
  /** Messages found gone; forgotten at a restart and found gone again. */
  const lost = new Set<string>();
  const keyOf = (anchor: Anchor) => `${anchor.channel} ${anchor.ts}`;
  const context = { canEdit: slack.canEdit, isLost: (anchor: Anchor) => lost.has(keyOf(anchor)) };

  async function attempt(delivery: StoredDelivery): Promise<number | null> {
    const plan = planAttempt(delivery, await outbox.ofLane(delivery.lane), context);
    if (plan.do === "first") {
      const { nextAttemptMs } = plan.delivery;
      return nextAttemptMs > clock.nowMs() ? nextAttemptMs : attempt(plan.delivery);
    }
    const kind = paceKind(plan);
    if (kind !== null) {
      const readyMs = pace.readyMs(kind, delivery.channel);
      if (readyMs > clock.nowMs()) return readyMs;
    }
    if (!(await outbox.begin(delivery.id, clock.nowMs()))) return null;
    if (kind !== null) pace.took(kind, delivery.channel);
    if (plan.do === "leave-out") {
      const receipt = asJson({ kind: "left-out", reason: plan.reason });
      await outbox.settle(delivery.id, { state: "SENT", atMs: clock.nowMs(), receipt });
    } else if (plan.do === "give-up") {
      await outbox.settle(delivery.id, { state: "DEAD", error: plan.reason });
      observer?.failed({ ...delivery, state: "DEAD", error: plan.reason });
    } else if (!isSurelyOurs()) {
      // Asleep since it was begun: another copy may be at it by now, and this one has not asked Slack for anything.
      const state = delivery.state === "AMBIGUOUS" ? "AMBIGUOUS" : "FAILED";
      const error = "Meshlens was asleep and left it to be begun again.";
      await outbox.settle(delivery.id, { state, nextAttemptMs: clock.nowMs(), error });
    } else await carryOut(delivery, plan, kind ?? "post");
    return null;
  }

  async function carryOut(delivery: StoredDelivery, plan: SendPlan, kind: PaceKind): Promise<void> {
    // A dead one that is tried again may have died of not knowing.
    const wasAmbiguous = delivery.state === "AMBIGUOUS" || (delivery.state === "QUEUED" && delivery.attempts > 0);
    const sent = await send(slack, delivery, plan, wasAmbiguous);
    const nowMs = clock.nowMs();
    if (sent.kind === "sent") {
      await outbox.settle(delivery.id, { state: "SENT", atMs: nowMs, receipt: asJson(sent.receipt) });
      const waitedMs = nowMs - delivery.queuedAtMs;
      observer?.sent({ id: delivery.id, channel: delivery.channel, waitedMs, isFound: sent.isFound });
      return;
    }
    if ("anchor" in plan && isGone(sent)) lost.add(keyOf(plan.anchor));
    const { outcome, pause } = judgeAttempt({
      delivery: { ...delivery, attempts: delivery.attempts + 1 },
      failure: sent.failure,
      isRepeatSeen: plan.do !== "update",
      wasAmbiguous,
      nowMs,
      random: random(),
      maxAgeMs,
    });
    if (pause?.scope === "KIND") pace.pauseKind(kind, delivery.channel, pause.untilMs);
    else if (pause !== null) pace.pauseAll(pause.scope === "WORKSPACE" ? null : delivery.channel, pause.untilMs);
    await outbox.settle(delivery.id, outcome);
    const { id, channel } = delivery;
    observer?.failed({ id, channel, state: outcome.state, error: failureWords(sent.failure) });
  }

  /** Until when the pace holds it whatever the plan will be, so that lanes are not read for nothing; null: not. */
  function heldUntil({ payload, channel }: StoredDelivery): number | null {
    const kinds = possibleKinds[readPayload(payload)?.kind ?? "anchor"];
    const readyMs = kinds.reduce(
      (least, kind) => Math.min(least, pace.readyMs(kind, channel)),
      Number.POSITIVE_INFINITY,
    );
    return readyMs > clock.nowMs() ? readyMs : null;
  }

  /** Deliveries of one channel one after the other, anchors first; says when the channel may go on. */
  async function work(
    due: readonly StoredDelivery[],
  ): Promise<{ readonly attempted: number; readonly laterMs: number[] }> {
    const laterMs: number[] = [];
    let attempted = 0;
    for (const delivery of anchorsFirst(due)) {
      const readyMs = heldUntil(delivery) ?? (await attempt(delivery));
      if (readyMs === null) attempted += 1;
      else laterMs.push(readyMs);
    }
    return { attempted, laterMs };
  }

  return async () => {
    const due = await outbox.due(clock.nowMs(), atOnce);
    const channels = new Map<string, StoredDelivery[]>();
    for (const delivery of due) {
      const list = channels.get(delivery.channel);
      if (list === undefined) channels.set(delivery.channel, [delivery]);
      else list.push(delivery);
    }
    const worked = await Promise.all([...channels.values()].map(work));
    const attempted = worked.reduce((sum, one) => sum + one.attempted, 0);
    const nextDueMs = await outbox.nextDueMs(clock.nowMs());
    // What was attempted may have let the next of its lane forward.
    const times = [...(attempted > 0 ? [clock.nowMs()] : []), ...worked.flatMap((one) => one.laterMs)];
    if (nextDueMs !== null) times.push(nextDueMs);
    return { attempted, nextMs: times.length === 0 ? null : times.reduce((least, ms) => Math.min(least, ms)) };
  };
}

const possibleKinds = {
  anchor: ["post", "update"],
  reply: ["post"],
  chart: ["upload"],
  picture: ["upload"],
} as const satisfies Record<DeliveryPayload["kind"], readonly PaceKind[]>;

function paceKind(plan: Plan): PaceKind | null {
  switch (plan.do) {
    case "post":
    case "reply":
      return "post";
    case "update":
    case "upload":
      return plan.do;
    default:
      return null;
  }
}

function isGone(sent: Extract<Sent, { readonly kind: "failed" }>): boolean {
  return sent.failure.kind === "refused" && refusalKind(sent.failure.error) === "GONE";
}

function anchorsFirst(due: readonly StoredDelivery[]): readonly StoredDelivery[] {
  const isAnchor = (delivery: StoredDelivery) => readPayload(delivery.payload)?.kind === "anchor";
  const anchors = due.filter(isAnchor);
  const rest = due.filter((delivery) => !anchors.includes(delivery));
  return [...anchors, ...rest];
}
