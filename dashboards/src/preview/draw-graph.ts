/** The node graph for the preview: layers from the callers to the called, rings as shares. */
import { cssColor } from "./draw-lines.js";
import { escapeHtml } from "./format-value.js";

type Rows = readonly Readonly<Record<string, unknown>>[];
const arcs = [
  ["arc__ok", "green"],
  ["arc__client", "yellow"],
  ["arc__failed", "red"],
  ["arc__nodata", "gray"],
] as const;

/** An SVG of both frames. */
export function drawGraph(nodes: Rows, edges: Rows): string {
  const layers = layersOf(nodes, edges);
  const place = new Map<string, readonly [number, number]>();
  const width = 200 * layers.length;
  const height = 90 * Math.max(1, ...layers.map((layer) => layer.length));
  for (const [i, layer] of layers.entries()) {
    for (const [k, id] of layer.entries()) place.set(id, [100 + i * 200, ((k + 0.5) * height) / layer.length]);
  }
  const lines = edges.flatMap((edge) => {
    const [from, to] = [place.get(String(edge["source"])), place.get(String(edge["target"]))];
    if (from === undefined || to === undefined) return [];
    const style = `stroke="${cssColor(String(edge["color"]))}" stroke-width="${Number(edge["thickness"]) / 2}" stroke-dasharray="${escapeHtml(String(edge["strokedasharray"]))}"`;
    const label = `${edge["mainstat"]} ${edge["secondarystat"]}`;
    return `<line x1="${from[0] + 22}" y1="${from[1]}" x2="${to[0] - 22}" y2="${to[1]}" ${style}/><text x="${(from[0] + to[0]) / 2}" y="${(from[1] + to[1]) / 2 - 4}" class="edge">${escapeHtml(label)}</text>`;
  });
  const circles = nodes.flatMap((node) => {
    const at = place.get(String(node["id"]));
    return at === undefined
      ? []
      : `${ring(node, at)}<text x="${at[0]}" y="${at[1] + 38}">${escapeHtml(String(node["title"]))}</text><text x="${at[0]}" y="${at[1] + 4}" class="stat">${escapeHtml(String(node["mainstat"]))}</text>`;
  });
  return `<svg viewBox="0 0 ${width} ${height}" class="graph">${lines.join("")}${circles.join("")}</svg>`;
}

function ring(node: Rows[number], [x, y]: readonly [number, number]): string {
  const length = 2 * Math.PI * 22;
  let before = 0;
  return arcs
    .map(([field, color]) => {
      const share = Number(node[field]);
      const arc = `<circle cx="${x}" cy="${y}" r="22" fill="none" stroke="${cssColor(color)}" stroke-width="4" stroke-dasharray="${share * length} ${length}" stroke-dashoffset="${-before * length}" transform="rotate(-90 ${x} ${y})"/>`;
      before += share;
      return share > 0 ? arc : "";
    })
    .join("");
}

/** Ids by distance from those nobody calls. */
function layersOf(nodes: Rows, edges: Rows): readonly (readonly string[])[] {
  const depth = new Map(nodes.map((node) => [String(node["id"]), 0]));
  for (let round = 0; round < 8; round += 1) {
    for (const { source, target } of edges) {
      const next = (depth.get(String(source)) ?? 0) + 1;
      if (source !== target && next > (depth.get(String(target)) ?? 0) && next < 8) depth.set(String(target), next);
    }
  }
  const layers: string[][] = [];
  for (const [id, at] of depth) {
    layers[at] ??= [];
    layers[at].push(id);
  }
  return layers.filter((layer) => layer !== undefined);
}
