/** What notifications and screen readers say of an incident: the same facts in at most 1,000 characters of plain words. */
import { budgetText, lengthText } from "./figures.js";
import type { MessageIncident } from "./message-incident.js";
import { join, nothing, own, words } from "./mrkdwn.js";
import { serviceWords, stateWords } from "./status-part.js";

/** The text, escaped. */
export function incidentFallback(incident: MessageIncident): string {
  const { startedAtMs, resolvedAtMs, budget } = incident;
  return join(
    [
      words(`${stateWords(incident)} ${serviceWords(incident)} ${incident.objective.name}`, 250),
      words(incident.summary, 500),
      resolvedAtMs === null ? nothing : own(`Over after ${lengthText(resolvedAtMs - startedAtMs)}.`),
      budget === null ? nothing : own(`Error budget left: ${budgetText(budget.remainingRatio)}.`),
    ],
    "\n",
  );
}
