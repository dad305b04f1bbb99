/** A notifier's pass over a store in a file and a stand-in of Slack, under a clock that jumps to the next thing to do. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IncidentGraph } from "../../../src/diagnosis/incident-graph.js";
import { createDeliveryPass, type PassDeps } from "../../../src/slack/delivery-pass.js";
import { type IncidentNews, incidentDeliveries, type SlackTarget } from "../../../src/slack/incident-deliveries.js";
import type { MessageIncident } from "../../../src/slack/message/message-incident.js";
import { createPace } from "../../../src/slack/pace.js";
import { createSlackWebApi } from "../../../src/slack/web-api.js";
import { openStore } from "../../../src/store/open-store.js";
import type { OutboxStore, StoredDelivery } from "../../../src/store/outbox-store.js";
import type { Store } from "../../../src/store/store.js";
import { firedAtMs, makeEvidence } from "../evidence.js";
import { makeMessageIncident, makeMessageInput, resolved } from "./message-inputs.js";
import { type SlackStandIn, type StandInOptions, startSlackStandIn } from "./stand-in.js";

/** The scene. */
export interface DeliveryScene {
  readonly slack: SlackStandIn;
  readonly log: readonly string[];
  nowMs(): number;
  advance(ms: number): void;
  store(): Store;
  tell(...news: readonly (readonly [IncidentNews["moment"], Partial<MessageIncident>?])[]): Promise<void>;
  /** Evidence with this graph has come. */
  tellGraph(graph: IncidentGraph): Promise<void>;
  /** One look at the outbox; says when the next may be. */
  pass(): Promise<number | null>;
  /** Looks until nothing waits, or for so long by the scene's clock. */
  settle(longestMs?: number): Promise<void>;
  /** As a crash and a new start: what was under way is not known, nothing but the store is left. */
  restart(): Promise<void>;
  deliveries(incidentId?: string): Promise<readonly StoredDelivery[]>;
  close(): Promise<void>;
}

/** So patient that only silence runs into it: a call given up on a busy machine may have been accepted. */
const patientMs = 30_000;

/** Of calls that meet these faults: short where one of them is silence. */
export function timeoutFor(
  faults: readonly { readonly kind: string }[],
  shortMs = 250,
): { readonly timeoutMs: number } {
  return { timeoutMs: faults.some(({ kind }) => kind === "hang") ? shortMs : patientMs };
}

/** Starts one. */
export async function startDeliveryScene(
  options: StandInOptions & {
    readonly target?: SlackTarget;
    readonly port?: (slack: SlackStandIn) => PassDeps["slack"];
    readonly token?: string;
    readonly maxAgeMs?: number;
    /** Of a call to Slack. */
    readonly timeoutMs?: number;
    /** What stands between the pass and its store, made anew at each start. */
    readonly wrapOutbox?: (outbox: OutboxStore) => OutboxStore;
  } = {},
): Promise<DeliveryScene> {
  const folder = await mkdtemp(join(tmpdir(), "meshlens-slack-"));
  let nowMs = firedAtMs;
  const clock = { nowMs: () => nowMs };
  const slack = await startSlackStandIn({ ...options, nowMs: clock.nowMs });
  const url = `file:${join(folder, "meshlens.db")}`;
  const log: string[] = [];
  let store = await openStore({ url });
  let pass = createPass();
  let told = 0;

  function createPass(): ReturnType<typeof createDeliveryPass> {
    const port =
      options.port?.(slack) ??
      createSlackWebApi({
        token: options.token ?? slack.token,
        apiUrl: slack.apiUrl,
        timeoutMs: options.timeoutMs ?? patientMs,
      });
    return createDeliveryPass({
      outbox: options.wrapOutbox?.(store.outbox) ?? store.outbox,
      slack: port,
      clock,
      random: () => 0.5,
      pace: createPace(clock),
      ...(options.maxAgeMs !== undefined && { maxAgeMs: options.maxAgeMs }),
      observer: {
        sent: (delivery) => log.push(JSON.stringify({ sent: delivery })),
        failed: (delivery) => log.push(JSON.stringify({ failed: delivery })),
      },
    });
  }

  return {
    slack,
    log,
    nowMs: clock.nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
    store: () => store,
    async tellGraph(graph) {
      told += 1;
      const message = makeMessageInput({ evidence: makeEvidence({ graph }) });
      const target = { channel: "#mesh-alerts", canEdit: true };
      await store.outbox.enqueue(
        incidentDeliveries({ moment: "EVIDENCE", number: told, atMs: nowMs, message }, [target]),
      );
    },
    async tell(...news) {
      for (const [moment, differently] of news) {
        told += 1;
        const over = moment === "RESOLVED" ? resolved : {};
        const incident = makeMessageIncident({ ...over, ...differently });
        const message = makeMessageInput({ incident, ...(moment === "FIRED" && { evidence: null }) });
        const target = options.target ?? { channel: "#mesh-alerts", canEdit: true };
        await store.outbox.enqueue(incidentDeliveries({ moment, number: told, atMs: nowMs, message }, [target]));
      }
    },
    pass: async () => (await pass()).nextMs,
    async settle(longestMs = 3_600_000) {
      const endMs = nowMs + longestMs;
      for (;;) {
        const { nextMs } = await pass();
        if (nextMs === null || nextMs > endMs) return;
        nowMs = Math.max(nowMs, nextMs);
      }
    },
    async restart() {
      await store.close();
      store = await openStore({ url });
      await store.outbox.recover(nowMs);
      pass = createPass();
    },
    deliveries: async (incidentId = makeMessageIncident().id) =>
      (await store.outbox.deliveriesOf([incidentId]))[0] ?? [],
    async close() {
      await store.close();
      await slack.close();
      await rm(folder, { recursive: true });
    },
  };
}
