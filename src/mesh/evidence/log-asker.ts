/**
 * Questions to log sources, gathered: what one tick of a request asks of a source goes out as one upstream call, counts over time as another:
 * they take a backend longest, and what lines lead to (their traces) need not wait for them.
 */
import DataLoader from "dataloader";
import { MeshlensError } from "../../errors.js";
import type { LogAnswer, LogRequest, LogSource } from "../../telemetry/log-source.js";
import type { ReadContext } from "../mesh.js";
import { type Asked, askSources } from "../pillar.js";
import { callOptions, type EvidenceDeps } from "./evidence-deps.js";

/** Asks each source its own question; null asks a source nothing. */
export type AskLogs = <K extends LogRequest["kind"]>(
  kind: K,
  requestOf: (source: LogSource) => (LogRequest & { readonly kind: K }) | null,
) => Promise<Asked<LogSource, Extract<LogAnswer, { readonly kind: K }> | null>>;

/** One per request. */
export function createLogAsker(deps: EvidenceDeps, context: ReadContext): AskLogs {
  const loaderOf = (source: LogSource) =>
    new DataLoader<LogRequest, LogAnswer>(async (requests) => source.ask(requests, callOptions(context)), {
      cache: false,
    });
  const loaders = new Map(
    deps.logSources.map((source) => [source, { volume: loaderOf(source), other: loaderOf(source) }]),
  );
  return (kind, requestOf) =>
    askSources(deps.logSources, callOptions(context), deps.clock, async (source) => {
      const request = requestOf(source);
      if (request === null) return { value: null, warnings: [] };
      const answer = await loaders.get(source)?.[kind === "volume" ? "volume" : "other"].load(request);
      if (!isOfKind(answer, kind)) {
        throw new MeshlensError(
          "MESHLENS_ERR_INTERNAL",
          `Log source "${source.name}" answered a ${kind} with something else; this is a fault of its adapter.`,
          { source: source.name },
        );
      }
      return { value: answer, warnings: answer.warnings };
    });
}

function isOfKind<K extends LogAnswer["kind"]>(
  answer: LogAnswer | undefined,
  kind: K,
): answer is Extract<LogAnswer, { readonly kind: K }> {
  return answer?.kind === kind;
}
