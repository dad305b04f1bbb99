/** Slack plugged together for `serve`: client, notifier, and who is told of what. Used by open-alerting.ts where Slack is configured. */
import type { Logger } from "pino";
import type { SlackConfig } from "../config/slack-schema.js";
import { slackAccess, slackChannels, stormRule } from "../config/slack-settings.js";
import type { Mesh } from "../mesh/mesh.js";
import { checkSlack, type SlackCheck } from "../slack/check-slack.js";
import { createNotifier } from "../slack/create-notifier.js";
import { createTeller, type Teller } from "../slack/create-teller.js";
import { describeReceipt } from "../slack/delivery-payload.js";
import { routeIncidents } from "../slack/routing/route-incidents.js";
import { createSlackWebApi } from "../slack/web-api.js";
import { createSlackWebhook } from "../slack/webhook.js";
import type { OutboxStore } from "../store/outbox-store.js";
import type { Clock } from "../telemetry/clock.js";
import { seeAll } from "../telemetry/visibility.js";
import type { SlackMetrics } from "./slack-metrics.js";

/** How Slack is, for /readyz. */
export interface SlackHealth {
  /** Null until it has been checked. */
  readonly isUsable: boolean | null;
  /** What is wrong, in words; null when nothing is known to be. */
  readonly problem: string | null;
}

/** Delivery by the one copy that delivers. */
export interface SlackTerm {
  readonly teller: Teller;
  /** Something is in the outbox. */
  wake(): void;
  /** Lets the attempts under way end. */
  close(): Promise<void>;
}

/** Slack, plugged in. */
export interface RunningSlack {
  /** Begins to deliver, whatever is wrong with Slack: that is told, and deliveries wait. @throws MESHLENS_ERR_STORE_* */
  startTerm(
    outbox: OutboxStore,
    copies: { readonly isShared: boolean; readonly isSurelyHeld: () => boolean },
  ): Promise<SlackTerm>;
  describe(receipt: Parameters<typeof describeReceipt>[0]): ReturnType<typeof describeReceipt>;
  health(): SlackHealth;
  close(): Promise<void>;
}

/** What it needs beside its section of the configuration. */
export interface SlackDeps {
  readonly outbox: OutboxStore;
  readonly mesh: Mesh;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: SlackMetrics;
  /** How the notifier waits; for tests whose clock is not ours. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const hourMs = 3_600_000;

/** A call to Slack is given up before that: after it, what another copy began has arrived or never will. */
const underWayMs = 12_000;

/** Plugs it together and looks whether Slack can be used. */
export function openSlack(config: SlackConfig, deps: SlackDeps): RunningSlack {
  const { outbox, mesh, clock, logger, metrics } = deps;
  const access = slackAccess(config);
  const api = access.kind === "bot" ? createSlackWebApi(access) : null;
  const slack = api ?? createSlackWebhook({ url: access.kind === "webhook" ? access.url : "" });
  const notifierOf = (
    ofTerm: OutboxStore,
    { isShared, isSurelyHeld }: { readonly isShared: boolean; readonly isSurelyHeld: () => boolean },
  ) =>
    createNotifier({
      outbox: ofTerm,
      slack,
      clock,
      isSurelyOurs: isSurelyHeld,
      underWayMs: isShared ? underWayMs : 0,
      ...(deps.pause === undefined ? {} : { pause: deps.pause }),
      observer: {
        sent(delivery) {
          metrics.sent(delivery);
          logger.debug({ ...delivery }, "a message arrived in Slack");
        },
        failed(delivery) {
          metrics.failed(delivery);
          const { id, channel, state, error } = delivery;
          logger.warn({ delivery: id, channel, state }, `a message to Slack: ${error}`);
        },
      },
      onStoreError: (error) => logger.error({ err: error }, "the outbox cannot be used; it is tried again"),
    });
  metrics.watch(() => outbox.counts());
  let check: SlackCheck | null = null;
  const checked = api === null ? Promise.resolve() : checkSlack(api, slackChannels(config)).then(told);
  function told(result: SlackCheck): void {
    check = result;
    for (const { level, name, message } of result.findings) {
      if (level === "OK") logger.info({ slack: name }, message);
      else logger.warn({ slack: name }, `Slack: ${message}`);
    }
  }
  const tellerOf = (ofTerm: OutboxStore) =>
    createTeller({
      clock,
      outbox: ofTerm,
      route: routeIncidents(config),
      storm: stormRule(config),
      linksOf: ({ incident }) => {
        const reader = mesh.reader({
          visibility: seeAll,
          signal: AbortSignal.timeout(1_000),
          deadlineMs: clock.nowMs(),
        });
        return reader.serviceLinks(incident.service, { fromMs: incident.startedAtMs - hourMs, toMs: clock.nowMs() });
      },
      isInteractive: config.signingSecret !== undefined,
    });
  return {
    async startTerm(ofTerm, copies) {
      const notifier = notifierOf(ofTerm, copies);
      await notifier.start();
      return { teller: tellerOf(ofTerm), wake: notifier.wake, close: notifier.close };
    },
    describe: (receipt) => describeReceipt(receipt, check?.workspaceUrl ?? null),
    health() {
      const wrong = check?.findings.find(({ level }) => level === "ERROR") ?? null;
      return { isUsable: check === null ? null : wrong === null, problem: wrong && `${wrong.name}: ${wrong.message}` };
    },
    close: () => checked,
  };
}
