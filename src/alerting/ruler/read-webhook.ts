/** The body of Alertmanager's webhook, version 4 → alerts. Pure; called by the route. Source: Alertmanager's docs/configuration.md, webhook_config. */
import { z } from "zod";
import type { RulerAlert, RulerLabels } from "../../telemetry/ruler-alert.js";

/** A body that could be read. */
export interface ReadWebhook {
  readonly alerts: readonly RulerAlert[];
  /** Alerts of the body that are none: without labels or without a start. */
  readonly malformedCount: number;
  /** Alerts Alertmanager left out of the body (`max_alerts`). */
  readonly truncatedCount: number;
  /** What all alerts of the group have in common. */
  readonly groupLabels: RulerLabels;
  /** Alertmanager's name for us; null where none was told. */
  readonly receiver: string | null;
}

/** What cannot be read, with why and how to mend it. */
export interface RefusedWebhook {
  readonly refusal: string;
}

const labels = z.record(z.string(), z.string());
const instant = z.string().max(64);
const alertSchema = z.object({
  status: z.enum(["firing", "resolved"]),
  labels,
  annotations: labels.nullish(),
  startsAt: instant,
  endsAt: instant.nullish(),
  generatorURL: z.string().nullish(),
});
const bodySchema = z.object({
  alerts: z.array(z.unknown()),
  truncatedAlerts: z.number().int().min(0).nullish(),
  groupLabels: labels.nullish(),
  receiver: z.string().nullish(),
});

const version = "4";

/**
 * Reads a body. An alert that is none is counted and costs itself only; fingerprints are not looked at, because labels are what an alert
 * is known by.
 */
export function readWebhook(body: unknown): ReadWebhook | RefusedWebhook {
  const told = versionOf(body);
  if (told !== version) {
    return {
      refusal: `the body is not of Alertmanager's webhook version ${version} (${told === null ? "it names no version" : `it says ${told}`}): send it with a webhook_config of Alertmanager`,
    };
  }
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { refusal: `the body is not what Alertmanager sends: ${issue?.path.join(".") || "alerts"} is not readable` };
  }
  const { alerts, truncatedAlerts, groupLabels, receiver } = parsed.data;
  const read = alerts.flatMap((one) => alertOf(one) ?? []);
  return {
    alerts: read,
    malformedCount: alerts.length - read.length,
    truncatedCount: truncatedAlerts ?? 0,
    groupLabels: groupLabels ?? {},
    receiver: receiver ?? null,
  };
}

function versionOf(body: unknown): string | null {
  if (typeof body !== "object" || body === null || !("version" in body)) return null;
  return typeof body.version === "string" ? body.version.slice(0, 20) : null;
}

function alertOf(item: unknown): RulerAlert | null {
  const { data } = alertSchema.safeParse(item);
  if (data === undefined || Object.keys(data.labels).length === 0) return null;
  const startsAtMs = Date.parse(data.startsAt);
  if (!Number.isFinite(startsAtMs)) return null;
  const endsAtMs = Date.parse(data.endsAt ?? "");
  const isOver = data.status === "resolved";
  return {
    labels: data.labels,
    annotations: data.annotations ?? {},
    startsAtMs,
    // A firing alert carries Go's zero time, or when it would end by itself.
    endsAtMs: isOver ? Math.max(startsAtMs, Number.isFinite(endsAtMs) ? endsAtMs : startsAtMs) : null,
    generatorUrl: webUrlOf(data.generatorURL ?? ""),
  };
}

/** Shown as a link: nothing but http and https is one. */
function webUrlOf(text: string): string | null {
  return text.length <= 4_096 && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : null;
}
