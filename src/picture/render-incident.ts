/** The picture of an incident as PNG with its alternative text. Called by whoever shows or sends it. */
import { drawIncident, type IncidentPicture } from "./draw-incident.js";
import { incidentWords } from "./incident-words.js";
import { renderPng } from "./render-png.js";

/** A picture with what it says in words. */
export interface RenderedPicture {
  readonly png: Buffer;
  /** At most 1,000 characters, with the numbers. */
  readonly altText: string;
}

const mostWidthPx = 2_600;

/** At twice its size for sharp screens, at most 2,600 pixels wide. */
export function renderIncident(picture: IncidentPicture): RenderedPicture {
  return { png: svgToPng(drawIncident(picture)), altText: incidentWords(picture) };
}

/** An SVG of ours as PNG. */
export function svgToPng(svg: string): Buffer {
  const width = Number(/width="(\d+)"/.exec(svg)?.[1] ?? 640);
  return renderPng(svg, Math.min(mostWidthPx, 2 * width));
}
