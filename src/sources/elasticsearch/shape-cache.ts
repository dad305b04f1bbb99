/** Learns the shape of the documents behind a source's index pattern and keeps it for a while. */
import type { Client } from "@elastic/elasticsearch";
import type { Clock } from "../../telemetry/clock.js";
import type { CallOptions } from "../../telemetry/source.js";
import { isJsonObject } from "./document-decode.js";
import { type DocumentShape, documentShape, type FieldCaps } from "./document-shape.js";
import type { ElasticsearchClient, SendOptions } from "./elasticsearch-client.js";
import { capsNames, type FieldCandidates } from "./field-candidates.js";
import { decodeError } from "./search-answer.js";

const keptMs = 5 * 60_000;
/** While nothing is indexed yet, logs may begin to arrive any moment. */
const keptEmptyMs = 10_000;

/** The shape, learnt when first asked for. */
export interface ShapeCache {
  /** @throws MESHLENS_ERR_SOURCE_* when it has to be learnt and cannot be */
  get(options: CallOptions): Promise<DocumentShape>;
  /** Learns anew next time: a query was refused because of a field. */
  forget(): void;
}

/** Each caller that finds nothing kept learns for itself: one that gives up must not take the others with it. */
export function createShapeCache(
  client: ElasticsearchClient,
  candidates: FieldCandidates,
  source: { readonly name: string; readonly index: string },
  clock: Clock,
): ShapeCache {
  let kept: { readonly shape: DocumentShape; readonly untilMs: number } | null = null;

  async function learn(options: CallOptions): Promise<DocumentShape> {
    const caps = await client.call("field_caps", options, (api, send) => askCaps(api, send));
    const indices = isJsonObject(caps) ? caps["indices"] : undefined;
    const fields = isJsonObject(caps) ? caps["fields"] : undefined;
    if (!Array.isArray(indices) || !isJsonObject(fields)) throw decodeError(source.name, "_field_caps");
    const texts = candidates.message.filter((path) => isJsonObject(fields[path]) && "text" in fields[path]);
    const without = texts.length === 0 ? new Set<string>() : await withoutPositions(texts, options);
    return documentShape(candidates, fields as FieldCaps, indices.length, without);
  }

  function askCaps(api: Client, send: SendOptions): Promise<unknown> {
    const fields = [...new Set(capsNames(candidates))];
    return api.fieldCaps({ index: source.index, fields, ignore_unavailable: true, allow_no_indices: true }, send);
  }

  /** field_caps calls `match_only_text` text; only the mapping tells. A role without that right keeps the careful way. */
  async function withoutPositions(texts: readonly string[], options: CallOptions): Promise<ReadonlySet<string>> {
    try {
      const mappings: unknown = await client.call("mapping", options, (api, send) =>
        api.indices.getFieldMapping(
          { index: source.index, fields: [...texts], ignore_unavailable: true, allow_no_indices: true },
          send,
        ),
      );
      return new Set(texts.filter((path) => JSON.stringify(mappingsOf(mappings, path)).includes('"match_only_text"')));
    } catch {
      return new Set(texts);
    }
  }

  return {
    async get(options) {
      if (kept !== null && kept.untilMs > clock.nowMs()) return kept.shape;
      const shape = await learn(options);
      kept = { shape, untilMs: clock.nowMs() + (shape.hasIndex ? keptMs : keptEmptyMs) };
      return shape;
    },
    forget() {
      kept = null;
    },
  };
}

function mappingsOf(mappings: unknown, path: string): readonly unknown[] {
  if (!isJsonObject(mappings)) return [];
  return Object.values(mappings).map((index) => {
    const fields = isJsonObject(index) ? index["mappings"] : undefined;
    return isJsonObject(fields) ? (fields[path] ?? null) : null;
  });
}
