/**
 * What Alertmanager's own API says, where its address is configured: alerts it holds no longer are over, what it silences is silenced here.
 * Asked every half minute by the composition root; a failure changes nothing.
 */
import type { IncidentRecord, Silence } from "../../store/alert-store.js";
import type { Clock } from "../../telemetry/clock.js";
import type { HeldAlert, RulerAlert, RulerSource } from "../../telemetry/ruler-alert.js";
import type { CallOptions } from "../../telemetry/source.js";
import { seeAll } from "../../telemetry/visibility.js";
import type { AlertInbox } from "./alert-inbox.js";
import { alertKey, type KeptAlert, lateMs } from "./merge-alert.js";

/** What is needed of the desk. */
interface SilencingDesk {
  incident(incidentId: string, visibility: typeof seeAll): Promise<{ readonly silence: Silence | null } | null>;
  silencedThere(incidentId: string, by: string, untilMs: number): Promise<void>;
  endSilence(incidentId: string, visibility: typeof seeAll): Promise<unknown>;
}

/** What it works with. */
export interface AskDeps {
  readonly source: RulerSource;
  readonly inbox: Pick<AlertInbox, "subjectIds" | "alertsOf" | "hear">;
  readonly openIncidents: () => readonly IncidentRecord[];
  readonly desk: SilencingDesk;
  readonly clock: Clock;
}

const silencedThere = "Alertmanager: ";

/** Whether a silence here only repeats one of Alertmanager. */
export function isFromAlertmanager(silence: Pick<Silence, "by"> | null): boolean {
  return silence?.by.startsWith(silencedThere) === true;
}

/** Asks once. @throws MESHLENS_ERR_SOURCE_*, MESHLENS_ERR_STORE_* */
export async function askAlertmanager(deps: AskDeps, options: CallOptions): Promise<void> {
  const { source, inbox, openIncidents } = deps;
  const subjectIds = inbox.subjectIds();
  if (subjectIds.length === 0) return;
  const held = new Map(
    (await source.alerts({ labels: {}, receiver: null }, options)).map((alert) => [alertKey(alert.labels), alert]),
  );
  const incidents = new Map(openIncidents().map((incident) => [incident.objectiveId, incident]));
  const over: RulerAlert[] = [];
  for (const id of subjectIds) {
    const firing = (inbox.alertsOf(id)?.alerts ?? []).filter(({ endsAtMs }) => endsAtMs === null);
    over.push(...firing.flatMap((alert) => endOf(alert, held, deps.clock.nowMs()) ?? []));
    const incident = incidents.get(id);
    if (incident !== undefined && firing.length > 0) await followSilence(deps, incident, firing, held, options);
  }
  if (over.length > 0) await inbox.hear(over, seeAll);
}

/** Its end, should Alertmanager hold it no more; what was heard a moment ago may not be there yet. */
function endOf(alert: KeptAlert, held: ReadonlyMap<string, HeldAlert>, nowMs: number): RulerAlert | null {
  if (held.has(alert.key) || nowMs - alert.heardAtMs < lateMs) return null;
  return { ...alert, endsAtMs: nowMs };
}

async function followSilence(
  { source, desk }: AskDeps,
  { id }: IncidentRecord,
  firing: readonly KeptAlert[],
  held: ReadonlyMap<string, HeldAlert>,
  options: CallOptions,
): Promise<void> {
  const ids = new Set(firing.flatMap(({ key }) => held.get(key)?.silencedBy ?? []));
  const isQuiet = firing.every(({ key }) => (held.get(key)?.silencedBy.length ?? 0) > 0);
  const silence = (await desk.incident(id, seeAll))?.silence ?? null;
  if (!isQuiet) {
    if (isFromAlertmanager(silence)) await desk.endSilence(id, seeAll);
    return;
  }
  if (silence !== null) return;
  const active = (await source.silences(options)).filter((one) => ids.has(one.id) && one.isActive);
  const [longest] = active.toSorted((a, b) => b.endsAtMs - a.endsAtMs);
  if (longest === undefined) return;
  await desk.silencedThere(id, `${silencedThere}${longest.createdBy.slice(0, 80)}`, longest.endsAtMs);
}
