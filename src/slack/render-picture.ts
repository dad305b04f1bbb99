/** Pictures of the thread: the burn chart, and the part of the mesh that matters. Called by the delivery and by previews. */
import { incidentWords } from "../picture/incident-words.js";
import { type RenderedPicture, renderIncident } from "../picture/render-incident.js";
import { chartWords } from "./chart/chart-words.js";
import { renderChart } from "./chart/render-chart.js";
import type { PicturePayload } from "./delivery-payload.js";

/** Draws it. Some 70 ms of CPU. */
export function renderPicture(payload: PicturePayload): RenderedPicture {
  return payload.kind === "chart" ? renderChart(payload.chart) : renderIncident(payload.picture);
}

/** What it says in words, at most 1,000 characters. */
export function pictureWords(payload: PicturePayload): string {
  return payload.kind === "chart" ? chartWords(payload.chart) : incidentWords(payload.picture);
}
