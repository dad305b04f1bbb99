/** The evidence in an anchor, one section per part; a part that is missing keeps its place with the reason. */
import type { Evidence, EvidencePart, MissingEvidence } from "../../alerting/evidence.js";
import { type Block, section } from "./block.js";
import { countText, latencyText, lengthText, percentText } from "./figures.js";
import { code, fitting, instant, join, link, type Mrkdwn, md, nothing, own, words } from "./mrkdwn.js";

/** How much is told: each step leaves out one more thing. */
export const cutSteps = ["NOTHING", "LOG_SAMPLES", "TRACE_DETAIL", "CHANGE_DETAIL"] as const;

/** Up to which of {@link cutSteps} things are left out. */
export type CutStep = (typeof cutSteps)[number];

const most = { suspects: 600, changes: 700, health: 500, traces: 1_100, logs: 1_050 } as const;

/** The sections. */
export function evidencePart(evidence: Evidence, step: CutStep): readonly Block[] {
  const isLeftOut = (what: CutStep) => cutSteps.indexOf(step) >= cutSteps.indexOf(what);
  const part = (name: EvidencePart, title: string, mostChars: number, lines: readonly Mrkdwn[] | null) =>
    section(titled(title, mostChars, lines, missingOf(evidence, name)));
  const firedAtMs = evidence.window.toMs;
  return [
    ...part("SUSPECTS", "Likely cause", most.suspects, suspectLines(evidence, 3)),
    ...part(
      "CHANGES",
      "Changed shortly before",
      most.changes,
      evidence.changes?.slice(0, 4).map((change) => changeLine(change, firedAtMs, isLeftOut("CHANGE_DETAIL"))) ?? null,
    ),
    ...(isHealthTold(evidence)
      ? part("HEALTH", "Health in Kubernetes", most.health, evidence.health?.slice(0, 3).map(healthLine) ?? null)
      : []),
    ...part(
      "TRACES",
      "Traces",
      most.traces,
      evidence.traces?.slice(0, 3).map((trace) => traceLine(trace, isLeftOut("TRACE_DETAIL"))) ?? null,
    ),
    ...part(
      "LOGS",
      "Log lines that grew",
      most.logs,
      evidence.logPatterns?.slice(0, 3).map((pattern) => logLine(pattern, isLeftOut("LOG_SAMPLES"))) ?? null,
    ),
  ];
}

/** Where all is well it is left out, and where what is missing stands under the changes already: they have the same sources. */
function isHealthTold({ health, changes, missing }: Evidence): boolean {
  if (health !== null && health.length > 0) return true;
  return health === null && changes !== null && missing.some(({ part }) => part === "HEALTH");
}

function missingOf({ missing }: Evidence, part: EvidencePart): readonly Mrkdwn[] {
  return missing.filter((one) => one.part === part).map(missingLine);
}

const stateWords: Readonly<Record<MissingEvidence["state"], string>> = {
  OK: "nothing came",
  DEGRADED: "answered in part",
  TIMEOUT: "did not answer in time",
  UNAVAILABLE: "could not be reached",
  UNAUTHORIZED: "refused our credentials",
  RATE_LIMITED: "asked to be left alone",
  NOT_CONFIGURED: "is not configured",
};

/** Why something is not there. */
export function missingLine({ name, state, message }: MissingEvidence): Mrkdwn {
  const why = message === null ? nothing : md`: ${words(message, 120)}`;
  return md`⚠️ ${code(name, 50)} ${own(stateWords[state])}${why}`;
}

function titled(title: string, mostChars: number, lines: readonly Mrkdwn[] | null, missing: readonly Mrkdwn[]): Mrkdwn {
  const found = lines === null ? [own("not known")] : lines.length === 0 ? [own("none found")] : lines;
  const told = lines === null && missing.length > 0 ? [] : found;
  return md`*${own(title)}*\n${fitting([...told, ...missing.slice(0, 3)], mostChars - title.length - 3)}`;
}

const gradeWords = { STRONG: "strong", LIKELY: "likely", POSSIBLE: "possible" } as const;

/** The sentence first, then who; null when nothing is known. */
function suspectLines({ verdict, suspects }: Evidence, mostSuspects: number): readonly Mrkdwn[] | null {
  const sentence = verdict === null ? [] : [words(verdict, 250)];
  const lines = suspects?.slice(0, mostSuspects).map(suspectLine) ?? null;
  return lines === null && verdict === null ? null : [...sentence, ...(lines ?? [])];
}

function suspectLine({ service, score, grade, reasons }: NonNullable<Evidence["suspects"]>[number]): Mrkdwn {
  const name = code(`${service.name}.${service.namespace}`, 80);
  const clauses = reasons.map((reason) => reason.replace(/\.$/, "")).join("; ");
  const why = reasons.length === 0 ? nothing : md`: ${words(clauses, 150)}`;
  return md`• ${name} ${own(`${gradeWords[grade]}, explains ${percentText(score)}`)}${why}`;
}

function changeLine(change: NonNullable<Evidence["changes"]>[number], firedAtMs: number, isShort: boolean): Mrkdwn {
  const what = code(`${change.kind} ${change.name}`, 90);
  const when = own(agoWords(firedAtMs - change.atMs));
  return isShort ? md`• ${what} ${when}` : md`• ${what} ${when}: ${words(change.summary, 160)}`;
}

function healthLine({ service, state, reasons }: NonNullable<Evidence["health"]>[number]): Mrkdwn {
  const why = reasons.length === 0 ? nothing : md`: ${words(reasons.slice(0, 2).join("; "), 200)}`;
  return md`• ${code(`${service.name}.${service.namespace}`, 80)} ${own(healthWords[state])}${why}`;
}

const healthWords = { DEGRADED: "is degraded", DOWN: "is down" } as const;

function agoWords(durationMs: number): string {
  return durationMs < 0 ? `${lengthText(-durationMs)} after` : `${lengthText(durationMs)} before`;
}

function traceLine(
  { traceId, durationMs, errorCount, summary, links }: NonNullable<Evidence["traces"]>[number],
  isShort: boolean,
): Mrkdwn {
  const short = traceId.slice(0, 8);
  const [first] = links;
  const url = first === undefined || first.url.length > 250 ? null : first.url;
  const name = (url === null ? null : link(url, short)) ?? code(short, 12);
  const figures = own(`${latencyText(durationMs)}, ${countText(errorCount)} ${errorCount === 1 ? "error" : "errors"}`);
  return isShort ? md`• ${name} ${figures}` : md`• ${name} ${figures}: ${words(summary, 160)}`;
}

function logLine(
  { pattern, count, baselineCount, sample }: NonNullable<Evidence["logPatterns"]>[number],
  isShort: boolean,
): Mrkdwn {
  const before = baselineCount === null ? "" : `, ${countText(baselineCount)} before`;
  const head = md`• ${own(`${countText(count)} lines${before}`)}: ${code(pattern, 160)}`;
  return isShort ? head : join([head, md`   such as ${code(sample, 130)}`], "\n");
}

/** When the newest evidence is from, for replies. */
export function takenLine(evidence: Evidence): Mrkdwn {
  return md`Evidence of ${instant(evidence.takenAtMs)}`;
}
