/**
 * The picture of an incident as SVG: who calls whom from above to below, the suspect marked, calls as wide as they have more of the trouble
 * than before. Marks are words and borders too, so that none is told by its colour; on white, so that it reads in light and dark. Pure.
 */
import type { GraphEdge, GraphNode, IncidentGraph } from "../diagnosis/incident-graph.js";
import { cleanLine } from "../telemetry/clean-text.js";
import { callWords, measureWords, partOfSuspect, restWords, suspectWords } from "./call-words.js";
import { type Layout, layeredLayout, type Point, type Size } from "./layered-layout.js";
import { element, label, px } from "./svg.js";
import { textWidth } from "./text-width.js";

/** What the picture shows. */
export interface IncidentPicture {
  readonly title: string;
  /** Below the title; empty: none. */
  readonly subtitle: string;
  readonly graph: IncidentGraph;
}

const [margin, leastWidth, headHeight, lineHeight] = [28, 640, 54, 17] as const;
const mostSubtitleLines = 3;
const ink = "#1d1c1d";
const faint = "#616061";
const calm = "#8d9299";
/** Of Okabe and Ito, told apart also by those who see few colours. */
const [blame, suffers] = ["#c44f00", "#005b96"] as const;
const mostNameChars = 30;
/** Of the heaviest calls; more would hide the rest. */
const mostLabels = 8;
const mostWordChars = 60;

interface TextLine {
  readonly text: string;
  readonly size: number;
  readonly fill: string;
  readonly isBold: boolean;
}

/** The SVG; its width and height are those of the picture. An empty graph says that nothing is known. */
export function drawIncident({ title, subtitle, graph }: IncidentPicture): string {
  const { nodes, edges, measure } = graph;
  const texts = nodes.map(linesOf);
  const labels = edges.map((edge, i) => (i < mostLabels ? callWords(edge, measure) : []));
  const layout = layeredLayout(
    texts.map(boxSize),
    edges.map(({ source, destination }, i) => ({ source, destination, label: labelSize(labels[i] ?? []) })),
  );
  const width = Math.ceil(Math.max(leastWidth, layout.width + 2 * margin));
  const notes = edges.length === 0 ? ["Nothing is known of any call."] : [measureWords(measure), restWords(graph)];
  const foot = notes.flatMap((note) => (note === null ? [] : wrapped(note, width - 2 * margin, 12)));
  const below = subtitle === "" ? [] : wrapped(cleanLine(subtitle, 240), width - 2 * margin, 13);
  const said = below.slice(0, mostSubtitleLines);
  const top = headHeight + said.length * lineHeight;
  const height = Math.ceil(top + layout.height + 26 + foot.length * lineHeight + 14);
  const shift = { x: (width - layout.width) / 2, y: top };
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      "font-family": "DejaVu Sans, Verdana, sans-serif",
      fill: ink,
    },
    element("rect", { width, height, fill: "#ffffff" }),
    heading(title, width),
    ...said.map((line, i) => label(line, { x: margin, y: 54 + i * lineHeight, "font-size": 13, fill: faint }, 200)),
    // The heaviest last, above the others.
    ...edges.map((edge, i) => drawCall(edge, layout.links[i]?.route ?? [], shift)).reverse(),
    ...edges.map((_, i) => drawLabel(labels[i] ?? [], layout.links[i]?.label ?? null, shift)),
    ...nodes.map((node, i) => drawNode(node, texts[i] ?? [], layout, i, shift)),
    ...foot.map((line, i) =>
      label(line, { x: margin, y: top + layout.height + 34 + i * lineHeight, "font-size": 12, fill: faint }, 200),
    ),
  );
}

/** Smaller where it would not fit. */
function heading(title: string, width: number): string {
  const shown = cleanLine(title, 80);
  const size = Math.max(11, Math.min(18, (18 * (width - 2 * margin)) / Math.max(1, textWidth(shown, 18, true))));
  return label(shown, { x: margin, y: 32, "font-size": size, "font-weight": "bold" }, 80);
}

function linesOf(node: GraphNode): readonly TextLine[] {
  const { service, name, isAlerting, suspect } = node;
  const small = (text: string, fill: string, isBold: boolean): TextLine => ({ text, size: 12, fill, isBold });
  const part = suspect === null ? null : partOfSuspect(suspect);
  return [
    { text: cleanLine(name, mostNameChars) || "?", size: 15, fill: ink, isBold: true },
    small(service === null ? "outside, or without spans" : cleanLine(service.namespace, mostNameChars), faint, false),
    ...(isAlerting ? [small("its requests suffer", suffers, true)] : []),
    ...(suspect === null ? [] : [small(suspectWords(suspect), blame, true)]),
    ...(part === null ? [] : [small(cleanLine(part, 36), blame, false)]),
  ];
}

function boxSize(lines: readonly TextLine[]): Size {
  const widest = lines.reduce((most, { text, size, isBold }) => Math.max(most, textWidth(text, size, isBold)), 0);
  return { width: Math.max(112, Math.ceil(widest) + 24), height: lines.length * lineHeight + 16 };
}

function labelSize(words: readonly string[]): Size | null {
  if (words.length === 0) return null;
  const widest = words.reduce((most, text) => Math.max(most, textWidth(text, 13)), 0);
  return { width: Math.ceil(widest) + 12, height: words.length * lineHeight + 4 };
}

function drawNode(
  { service, isAlerting, suspect }: GraphNode,
  lines: readonly TextLine[],
  layout: Layout,
  place: number,
  shift: Point,
): string {
  const { width, height } = boxSize(lines);
  const at = layout.boxes[place] ?? { x: 0, y: 0 };
  const [x, y] = [at.x + shift.x, at.y + shift.y];
  const isFirst = suspect?.rank === 1;
  const frame = { x, y, width, height, rx: 8, "stroke-dasharray": service === null ? "6 4" : null };
  const looks = isFirst
    ? { fill: "#fdeee2", stroke: blame, "stroke-width": 3.5 }
    : suspect !== null
      ? { fill: "#ffffff", stroke: blame, "stroke-width": 2 }
      : isAlerting
        ? { fill: "#e9f2f9", stroke: suffers, "stroke-width": 2.5 }
        : { fill: "#f7f7f7", stroke: calm, "stroke-width": 1.2 };
  return element(
    "g",
    {},
    element("rect", { ...frame, ...looks }),
    // Who suffers by its own fault has both marks.
    ...(suspect !== null && isAlerting
      ? [
          element("rect", {
            x: x + 4,
            y: y + 4,
            width: width - 8,
            height: height - 8,
            rx: 5,
            fill: "none",
            stroke: suffers,
            "stroke-width": 1.5,
          }),
        ]
      : []),
    ...lines.map(({ text, size, fill, isBold }, i) =>
      label(text, {
        x: x + width / 2,
        y: y + 21 + i * lineHeight,
        "text-anchor": "middle",
        "font-size": size,
        "font-weight": isBold ? "bold" : null,
        fill,
      }),
    ),
  );
}

function drawCall({ weight }: GraphEdge, route: readonly Point[], shift: Point): string {
  const points = route.map(({ x, y }) => ({ x: x + shift.x, y: y + shift.y }));
  const [end, before] = [points.at(-1), points.at(-2)];
  if (end === undefined || before === undefined) return "";
  const isTelling = weight >= 0.1;
  const stroke = isTelling ? blame : calm;
  const width = isTelling ? 1.6 + 5.4 * weight : 1.2;
  const size = 7 + width;
  const sign = end.y >= before.y ? 1 : -1;
  const tip = { x: end.x, y: end.y - sign * size };
  const head = `M${px(end.x)} ${px(end.y)}L${px(end.x - 0.6 * size)} ${px(tip.y)}L${px(end.x + 0.6 * size)} ${px(tip.y)}Z`;
  return element(
    "g",
    {},
    element("path", {
      d: curve([...points.slice(0, -1), { x: tip.x, y: tip.y + sign }]),
      fill: "none",
      stroke,
      "stroke-width": width,
    }),
    element("path", { d: head, fill: stroke }),
  );
}

/** Upright where it passes a row. */
function curve(points: readonly Point[]): string {
  return points
    .map(({ x, y }, at) => {
      const before = points[at - 1];
      if (before === undefined) return `M${px(x)} ${px(y)}`;
      const middle = (before.y + y) / 2;
      return `C${px(before.x)} ${px(middle)} ${px(x)} ${px(middle)} ${px(x)} ${px(y)}`;
    })
    .join("");
}

function drawLabel(words: readonly string[], at: Point | null, shift: Point): string {
  const size = labelSize(words);
  if (at === null || size === null) return "";
  const [x, y] = [at.x + shift.x, at.y + shift.y];
  return element(
    "g",
    {},
    element("rect", { x, y, ...size, rx: 4, fill: "#ffffff" }),
    ...words.map((text, i) =>
      label(text, {
        x: x + size.width / 2,
        y: y + 15 + i * lineHeight,
        "text-anchor": "middle",
        "font-size": 13,
        "font-weight": i === 0 ? "bold" : null,
        fill: ink,
      }),
    ),
  );
}

/** Lines of words that fit a width. */
function wrapped(text: string, width: number, size: number): readonly string[] {
  const lines: string[] = [];
  for (const whole of text.split(" ")) {
    const word = cleanLine(whole, mostWordChars);
    const line = lines.at(-1);
    const longer = line === undefined ? word : `${line} ${word}`;
    if (line !== undefined && textWidth(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
