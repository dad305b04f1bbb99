/** The one message of an incident in the channel, in all its states: posted when it fires, edited from then on. Pure. */
import { type Block, charsOf, type SlackMessage } from "./block.js";
import { type CutStep, cutSteps, evidencePart } from "./evidence-part.js";
import { incidentFallback } from "./fallback-text.js";
import { actionsPart, linksPart } from "./links-part.js";
import type { IncidentMessageInput } from "./message-incident.js";
import { footPart, statusPart } from "./status-part.js";

/** Well below the sum of about 12,000 from which Slack answers `msg_blocks_too_long`. */
export const mostChars = 9_000;

/** The anchor, within all limits whatever is put in: log samples go first, then trace detail, change detail; status and links never. */
export function anchorMessage(input: IncidentMessageInput): SlackMessage {
  const text = incidentFallback(input.incident);
  for (const step of cutSteps) {
    const blocks = blocksOf(input, step);
    if (charsOf(blocks) + text.length <= mostChars) return { text, blocks };
  }
  return { text, blocks: blocksOf({ ...input, evidence: null }, "CHANGE_DETAIL") };
}

function blocksOf(input: IncidentMessageInput, step: CutStep): readonly Block[] {
  const { incident, evidence, links, isInteractive } = input;
  const isOpen = incident.state !== "RESOLVED";
  return [
    ...statusPart(input),
    ...(evidence === null ? [] : evidencePart(evidence, step)),
    ...linksPart([...links, ...(evidence?.links ?? [])]),
    ...(isInteractive && isOpen ? actionsPart(incident.id, incident.acknowledgedBy !== null) : []),
    ...footPart(input),
  ];
}
