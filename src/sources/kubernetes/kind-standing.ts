/** What an answer lacks, in words, from how far each kind is. Pure. Called by kubernetes-source.ts. */
import { MeshlensError } from "../../errors.js";
import { counted, lengthInWords } from "../../workloads/say.js";
import type { FollowState } from "./follow-kind.js";
import { type Purpose, type ReadKind, resourceName } from "./read-kinds.js";

/** A kind with its state; with several namespaces there is one for each. */
export interface Followed {
  readonly kind: ReadKind;
  readonly namespace: string | null;
  readonly state: FollowState;
}

/** Shorter breaks are not worth a word: a watch is opened anew, a server restarts. */
const graceMs = 15_000;
/** What is older says nothing about health any more. */
const staleMs = 300_000;

/**
 * The warnings of an answer that serves a purpose.
 * @throws MESHLENS_ERR_SOURCE_* where there is no answer: Services, or for health pods too, were never read or too long ago
 */
export function standingOf(
  source: string,
  followed: readonly Followed[],
  purpose: Purpose,
  nowMs: number,
): readonly string[] {
  const needed = followed.filter(({ kind }) => kind.purposes.includes(purpose));
  for (const one of needed) refuse(source, one, purpose, nowMs);
  const problems = new Map<string, string[]>();
  for (const { kind, namespace, state } of needed) {
    const problem = problemOf(state, nowMs);
    if (problem === null) continue;
    const name = `${resourceName(kind)}${namespace === null ? "" : ` in ${namespace}`}`;
    const names = problems.get(problem);
    if (names === undefined) problems.set(problem, [name]);
    else names.push(name);
  }
  return [...problems].map(([problem, names]) => `${listed(names)} ${problem}`);
}

/** Kinds that may not be read, for `check`. */
export function forbiddenKinds(followed: readonly Followed[]): readonly string[] {
  const names = followed.flatMap(({ kind, state }) => (state.at === "forbidden" ? [resourceName(kind)] : []));
  return [...new Set(names)];
}

function refuse(source: string, { kind, state }: Followed, purpose: Purpose, nowMs: number): void {
  const isService = kind.kind === "Service" && purpose !== "changes";
  const isPod = kind.kind === "Pod" && purpose === "health";
  if (!isService && !isPod) return;
  if (state.at === "behind" && (state.sinceMs === null || nowMs - state.sinceMs > staleMs)) throw state.error;
  if (state.at === "forbidden" && isService)
    throw new MeshlensError(
      "MESHLENS_ERR_SOURCE_UNAUTHORIZED",
      `${source} may not list services: grant list and watch on services (deploy/kubernetes/cluster-role.yaml)`,
      { source, status: 403 },
    );
}

function problemOf(state: FollowState, nowMs: number): string | null {
  if (state.at === "forbidden") return "may not be read: grant list and watch (deploy/kubernetes/cluster-role.yaml)";
  if (state.at !== "behind") return null;
  if (state.sinceMs === null) return `could not be read: ${state.error.message}`;
  const ageMs = nowMs - state.sinceMs;
  if (ageMs < graceMs) return null;
  return `are as they were ${lengthInWords(ageMs)} ago: ${state.error.message}`;
}

function listed(names: readonly string[]): string {
  if (names.length <= 4) return names.join(", ");
  return `${names.slice(0, 3).join(", ")} and ${counted(names.length - 3, "more kind")}`;
}
