/** PromQL that users write into objectives → counts of a step, or checked text around its windows. Called by the readers of objective files. */
import type { SyntaxNode } from "@lezer/common";
import { parser } from "@prometheus-io/lezer-promql";
import type { MetricSelector } from "../../telemetry/metric-source.js";
import type { AskedQuery, CountedQuery, UserQuery } from "../user-query.js";
import { childrenOf, countTerms, readSelector } from "./count-terms.js";

/** A query, or what is wrong with it and how to mend it. `note` says why it is not counted. */
export type ParsedUserQuery =
  | { readonly query: UserQuery; readonly note: string | null }
  | { readonly query: null; readonly message: string };

/** A ratio: two counts where it is a plain division of sums, else a question of its own. */
export type ParsedRatio =
  | {
      readonly kind: "events";
      readonly part: CountedQuery;
      readonly total: CountedQuery;
      readonly isComplement: boolean;
    }
  | { readonly kind: "ratio"; readonly ratio: AskedQuery; readonly note: string }
  | { readonly kind: "invalid"; readonly message: string };

const longest = 8192;
const placeholder = /\{\{\s*\.window\s*\}\}/g;
/** Stands for the placeholder while the query is parsed: PromQL that nobody writes. */
const marker = "31337s";

interface Read {
  readonly text: string;
  readonly root: SyntaxNode;
  readonly marked: number;
}

/** Parses a query that counts events. Never throws. */
export function parseUserQuery(source: string): ParsedUserQuery {
  const read = readQuery(source);
  if (typeof read === "string") return { query: null, message: read };
  const terms = countTerms(read.root, read.text);
  if (terms !== null) {
    const pieces = windowPieces(read);
    if (typeof pieces === "string") return { query: null, message: pieces };
    return { query: { kind: "counts", text: source, terms, pieces }, note: null };
  }
  const asked = askedQuery(source, read);
  return typeof asked === "string" ? { query: null, message: asked } : { query: asked, note: noteOn(asked) };
}

const notCounted =
  "is no plain sum(rate(counter[window])): it is asked over each window as a whole, has no minimum events and its budget is approximate";
const notCountedInstant =
  "is no plain sum(rate(counter[window])): it is asked every 30 s and weighted by time, has no minimum events and its budget is approximate";

function noteOn({ instant }: AskedQuery): string {
  return instant === null ? notCounted : notCountedInstant;
}

/** Parses a query that gives a ratio 0..1. Never throws. `isComplement` tells `1 - part / total`. */
export function parseRatioQuery(source: string): ParsedRatio {
  const read = readQuery(source);
  if (typeof read === "string") return { kind: "invalid", message: read };
  const asked = askedQuery(source, read);
  if (typeof asked === "string") return { kind: "invalid", message: asked };
  const division = divisionOf(read.root, read.text);
  if (division === null) return { kind: "ratio", ratio: asked, note: noteOn(asked) };
  const query = (node: SyntaxNode): CountedQuery | null => {
    const parsed = parseUserQuery(read.text.slice(node.from, node.to).replaceAll(marker, "{{.window}}"));
    return parsed.query?.kind === "counts" ? parsed.query : null;
  };
  const [part, total] = [query(division.part), query(division.total)];
  if (part === null || total === null) return { kind: "ratio", ratio: asked, note: noteOn(asked) };
  return { kind: "events", part, total, isComplement: division.isComplement };
}

/** Parses a plain selector such as `up{job="api"}`; null for anything else. */
export function parseSelector(source: string): MetricSelector | null {
  const read = readQuery(source);
  return typeof read === "string" ? null : readSelector(read.root, read.text);
}

function readQuery(source: string): Read | string {
  if (source.trim() === "") return "is empty: write a PromQL query";
  if (source.length > longest) return `is longer than ${longest} characters`;
  const marked = source.match(placeholder)?.length ?? 0;
  const text = source.replaceAll(placeholder, marker);
  const tree = parser.parse(text);
  let faultAt: number | null = null;
  tree.iterate({
    enter(node) {
      if (node.type.isError && faultAt === null) faultAt = node.from;
    },
  });
  if (faultAt !== null) return `is not PromQL: it breaks at character ${faultAt + 1}`;
  const [root, ...more] = childrenOf(tree.topNode);
  if (root === undefined || more.length > 0) return "is not one PromQL expression";
  return { text, root, marked };
}

interface DivisionOf {
  readonly part: SyntaxNode;
  readonly total: SyntaxNode;
  readonly isComplement: boolean;
}

function divisionOf(node: SyntaxNode, text: string): DivisionOf | null {
  const bare = withoutParentheses(node);
  const [left, operator, right, ...more] = childrenOf(bare.name === "BinaryExpr" ? bare : null);
  if (left === undefined || right === undefined || more.length > 0) return null;
  if (operator?.name === "Div") return { part: left, total: right, isComplement: false };
  if (operator?.name !== "Sub" || text.slice(left.from, left.to) !== "1") return null;
  const inner = divisionOf(right, text);
  return inner === null ? null : { ...inner, isComplement: !inner.isComplement };
}

function withoutParentheses(node: SyntaxNode): SyntaxNode {
  let bare = node;
  while (bare.name === "ParenExpr" && bare.firstChild !== null) bare = bare.firstChild;
  return bare;
}

/** The query around its windows; one without a window is averaged over each. */
function askedQuery(source: string, read: Read): AskedQuery | string {
  const pieces = windowPieces(read);
  if (typeof pieces === "string") return pieces;
  const text = read.text.slice(0, read.root.to);
  return pieces.length > 1
    ? { kind: "asked", text: source, instant: null, pieces }
    : { kind: "asked", text: source, instant: text, pieces: [`avg_over_time((${text}\n)[`, ":])"] };
}

function windowPieces({ text, root, marked }: Read): readonly string[] | string {
  const windows: { readonly from: number; readonly to: number }[] = [];
  root.cursor().iterate(({ name, node }) => {
    if (name !== "MatrixSelector" && name !== "SubqueryExpr") return;
    const window = node.getChild("DurationExpr");
    if (window !== null) windows.push({ from: window.from, to: window.to });
  });
  const written = (window: { readonly from: number; readonly to: number }) => text.slice(window.from, window.to);
  const chosen = (marked > 0 ? windows.filter((window) => written(window) === marker) : windows).toSorted(
    (a, b) => a.from - b.from,
  );
  if (marked > 0 && chosen.length !== marked)
    return "has {{.window}} where no window stands: write it as [{{.window}}]";
  if (new Set(chosen.map(written)).size > 1) {
    return "has windows of different lengths: write [{{.window}}] for those that the objective's windows replace";
  }
  const ends = [0, ...chosen.map(({ to }) => to)];
  // Not to the end of the text: a comment there would swallow whatever a rule puts behind the query.
  return ends.map((from, index) => text.slice(from, chosen[index]?.from ?? root.to));
}
