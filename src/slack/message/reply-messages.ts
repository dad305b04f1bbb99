/** What is said in the thread of an incident: once when it gets worse, once when it is over, once the evidence in full. Pure. */
import type { Evidence } from "../../alerting/evidence.js";
import { charsOf, context, type SlackMessage, section } from "./block.js";
import { missingLine, takenLine } from "./evidence-part.js";
import { incidentFallback } from "./fallback-text.js";
import { countText, latencyText, lengthText, percentText } from "./figures.js";
import type { IncidentMessageInput, MessageIncident } from "./message-incident.js";
import { code, codeBlock, fitting, instant, join, link, type Mrkdwn, md, nothing, own, words } from "./mrkdwn.js";
import { mentionLine, serviceWords } from "./status-part.js";

/** A ticket became a page: sent to the channel too, and the only message beside the first that calls anybody. */
export function escalationMessage(input: Pick<IncidentMessageInput, "incident" | "mentions">): SlackMessage {
  const { incident } = input;
  const lines = [md`🚨 *Now a page*: ${words(incident.summary, 500)}`, mentionLine(input)];
  return { text: incidentFallback(incident), blocks: section(join(lines, "\n")) };
}

/** It is over. */
export function resolvedMessage(incident: MessageIncident): SlackMessage {
  const { startedAtMs, recoveredAtMs, resolvedAtMs, budgetSpentRatio, budget } = incident;
  const overMs = (resolvedAtMs ?? recoveredAtMs ?? startedAtMs) - startedAtMs;
  const pieces = [
    own(`over after ${lengthText(overMs)}`),
    recoveredAtMs === null ? nothing : own(`burned for ${lengthText(recoveredAtMs - startedAtMs)}`),
    budgetSpentRatio === null ? nothing : own(`${percentText(budgetSpentRatio)} of the error budget spent by it`),
    budget === null ? nothing : own(`${percentText(budget.remainingRatio)} left`),
  ];
  return {
    text: incidentFallback(incident),
    blocks: section(md`✅ *Resolved*: ${words(serviceWords(incident), 200)} ${join(pieces, ", ")}`),
  };
}

const mostChars = 9_000;
const sectionChars = 2_900;

/** The evidence in full: what the anchor has no room for. Parts that do not fit are left out from the end: changes, traces, logs. */
export function evidenceMessage(incident: MessageIncident, evidence: Evidence): SlackMessage {
  const parts = [
    [
      ...(evidence.verdict === null ? [] : [words(evidence.verdict, 400)]),
      ...(evidence.suspects?.slice(0, 5).map(suspectDetail) ?? []),
    ],
    evidence.changes?.slice(0, 8).map((change) => changeDetail(change, evidence.window.toMs)) ?? [],
    evidence.health?.slice(0, 5).map(healthDetail) ?? [],
    evidence.traces?.slice(0, 5).map(traceDetail) ?? [],
    evidence.logPatterns?.slice(0, 6).map(logDetail) ?? [],
    [...new Set(evidence.missing.map(missingLine))].slice(0, 10),
  ];
  const titles = ["Suspects", "Changes", "Health in Kubernetes", "Traces", "Log lines", "Not there"];
  const text = incidentFallback(incident);
  const foot = context(join([own("Meshlens"), code(incident.id, 80), takenLine(evidence)], " · "));
  const blocks = [];
  let room = mostChars - text.length - charsOf(foot);
  for (const [index, lines] of parts.entries()) {
    if (lines.length === 0 || room < 300) continue;
    const body = fitting(lines, Math.min(sectionChars, room - 60));
    const made = section(md`*${own(titles[index] ?? "")}*\n${body}`);
    room -= charsOf(made);
    blocks.push(...made);
  }
  const said = blocks.length > 0 ? blocks : section(own("No evidence could be gathered."));
  return { text, blocks: [...said, ...foot] };
}

function suspectDetail({ service, score, grade, reasons }: NonNullable<Evidence["suspects"]>[number]): Mrkdwn {
  const name = code(`${service.name}.${service.namespace}`, 120);
  const why = reasons.slice(0, 5).map((reason) => md`   ◦ ${words(reason, 250)}`);
  return join([md`• ${name} ${own(`${grade.toLowerCase()}, explains ${percentText(score)}`)}`, ...why], "\n");
}

function changeDetail(change: NonNullable<Evidence["changes"]>[number], firedAtMs: number): Mrkdwn {
  const place = change.namespace === null ? nothing : md` in ${code(change.namespace, 80)}`;
  const before = own(lengthText(Math.abs(firedAtMs - change.atMs)));
  const side = own(change.atMs <= firedAtMs ? "before" : "after");
  const head = md`• ${code(`${change.kind} ${change.name}`, 150)}${place}, ${instant(change.atMs)} (${before} ${side})`;
  const { summary, detail } = change;
  const whole = detail === null || detail.includes(summary) ? (detail ?? summary) : `${summary}\n${detail}`;
  return join([head, codeBlock(whole, 600)], "\n");
}

function healthDetail({ service, state, reasons }: NonNullable<Evidence["health"]>[number]): Mrkdwn {
  const name = code(`${service.name}.${service.namespace}`, 120);
  const why = reasons.slice(0, 4).map((reason) => md`   ◦ ${words(reason, 250)}`);
  return join([md`• ${name} ${own(state.toLowerCase())}`, ...why], "\n");
}

function traceDetail({
  traceId,
  startMs,
  durationMs,
  errorCount,
  summary,
  detail,
  links,
}: NonNullable<Evidence["traces"]>[number]): Mrkdwn {
  const tools = links
    .slice(0, 3)
    .flatMap(({ url, name }) => (url.length > 300 ? [] : [link(url, name, 40) ?? nothing]));
  const figures = own(`${latencyText(durationMs)}, ${countText(errorCount)} in error,`);
  const head = md`• ${code(traceId, 40)} ${figures} ${instant(startMs)} ${join(tools, " · ")}`;
  return join([head, detail === null ? words(summary, 300) : codeBlock(detail, 600)], "\n");
}

function logDetail({ pattern, count, baselineCount, sample }: NonNullable<Evidence["logPatterns"]>[number]): Mrkdwn {
  const before = baselineCount === null ? "" : `, ${countText(baselineCount)} in the window before`;
  return join(
    [md`• ${own(`${countText(count)} lines${before}`)}: ${code(pattern, 300)}`, codeBlock(sample, 500)],
    "\n",
  );
}
