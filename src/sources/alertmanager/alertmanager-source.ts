/** Alertmanager's API v2: its alerts, and silences there. Made by the composition root. Source: Alertmanager's api/v2/openapi.yaml. */
import type { HttpClient, HttpRequest } from "../../http/http-client.js";
import { asList, asObject, asText, isObject, parseJson } from "../../http/read-json.js";
import type { HeldAlert, RulerLabels, RulerSilence, RulerSource } from "../../telemetry/ruler-alert.js";
import type { CallOptions } from "../../telemetry/source.js";

/** A source over a client, which it closes. */
export function createAlertmanagerSource(name: string, http: HttpClient): RulerSource {
  const ask = async (request: HttpRequest, options: CallOptions) =>
    parseJson(name, (await http.request(request, options)).body);
  return {
    async alerts({ labels, receiver }, options) {
      const filter = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
      // Alertmanager takes a pattern, anchored.
      const query = {
        filter,
        ...(receiver === null ? {} : { receiver: receiver.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") }),
      };
      const body = await ask({ method: "GET", path: "/api/v2/alerts", query, operation: "alerts" }, options);
      return asList(name, "", body).map((item, at) => heldAlert(name, `[${at}]`, item));
    },
    async silences(options) {
      const body = await ask({ method: "GET", path: "/api/v2/silences", operation: "silences" }, options);
      return asList(name, "", body).map((item, at) => silenceOf(name, `[${at}]`, item));
    },
    async silence({ matchers, startsAtMs, endsAtMs, createdBy, comment }, options) {
      const json = {
        matchers: matchers.map((one) => ({ ...one, isRegex: false, isEqual: true })),
        startsAt: new Date(startsAtMs).toISOString(),
        endsAt: new Date(endsAtMs).toISOString(),
        createdBy,
        comment,
      };
      const body = await ask({ method: "POST", path: "/api/v2/silences", json, operation: "silence" }, options);
      return asText(name, "silenceID", asObject(name, "", body)["silenceID"]);
    },
    async expire(silenceId, options) {
      const path = `/api/v2/silence/${encodeURIComponent(silenceId)}`;
      // 404: not there any more. 500: some versions say so of one that is over.
      await http.request({ method: "DELETE", path, operation: "expire", acceptStatus: [404, 500] }, options);
    },
    close: () => http.close(),
  };
}

function heldAlert(name: string, at: string, item: unknown): HeldAlert {
  const alert = asObject(name, at, item);
  const status = asObject(name, `${at}.status`, alert["status"]);
  const silencedBy = asList(name, `${at}.status.silencedBy`, status["silencedBy"]);
  const url = alert["generatorURL"];
  return {
    labels: labelsOf(alert["labels"]),
    annotations: labelsOf(alert["annotations"]),
    startsAtMs: instantOf(name, `${at}.startsAt`, alert["startsAt"]),
    endsAtMs: null,
    generatorUrl: typeof url === "string" && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null,
    silencedBy: silencedBy.filter((id) => typeof id === "string"),
  };
}

function silenceOf(name: string, at: string, item: unknown): RulerSilence {
  const silence = asObject(name, at, item);
  const status = asObject(name, `${at}.status`, silence["status"]);
  return {
    id: asText(name, `${at}.id`, silence["id"]),
    createdBy: asText(name, `${at}.createdBy`, silence["createdBy"]),
    endsAtMs: instantOf(name, `${at}.endsAt`, silence["endsAt"]),
    isActive: status["state"] === "active",
  };
}

function labelsOf(value: unknown): RulerLabels {
  const entries = isObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function instantOf(name: string, at: string, value: unknown): number {
  const ms = Date.parse(asText(name, at, value));
  return Number.isFinite(ms) ? ms : 0;
}
