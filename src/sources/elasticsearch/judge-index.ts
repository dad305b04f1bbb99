/** What the facts of an index pattern mean for whoever installs Meshlens. Pure; called by the source's `inspect`. */
import { amiss, type Inspection, lengthWords, passed } from "../../telemetry/inspection.js";
import type { IndexFacts } from "./index-facts.js";
import type { MissingRight } from "./missing-rights.js";

/** Lines arrive through buffers: older than this and something has stopped. */
const staleMs = 15 * 60_000;
const template = "deploy/elasticsearch/index-template.json";

/** One finding per topic; without an index there is nothing to say of lines. */
export function judgeIndex(facts: IndexFacts): readonly Inspection[] {
  const rights = judgeRights(facts);
  // What a user may not see cannot be said not to be there.
  if (rights.verdict === "FAIL") return [rights];
  if (!facts.shape.hasIndex) {
    const message = `no index matches ${facts.index}`;
    const remedy = "set `index` of this source to what your shipper writes, and look whether it writes at all";
    return [rights, amiss("shape", "FAIL", message, remedy)];
  }
  const shape = judgeShape(facts);
  return shape.verdict === "FAIL" ? [rights, shape] : [rights, shape, judgeTraceIds(facts), ...judgeInstants(facts)];
}

/** Rights without which nothing is answered; null where none is known to be missing. */
export function judgeForbidden(index: string, missingRights: readonly MissingRight[] | null): Inspection | null {
  if (missingRights === null || missingRights.length === 0) return null;
  return amiss("rights", "FAIL", `the user lacks ${wordsOf(missingRights)}: no line can be read`, remedyOf(index));
}

function judgeRights({ index, shape, missingRights, isSearchForbidden }: IndexFacts): Inspection {
  if (isSearchForbidden)
    return (
      judgeForbidden(index, missingRights) ??
      amiss("rights", "FAIL", `the user may not search ${index}: no line can be read`, remedyOf(index))
    );
  if (missingRights === null)
    return passed(
      "rights",
      `field_caps and searches of ${index} are answered; the cluster does not tell the user's rights`,
    );
  if (missingRights.length === 0) return passed("rights", `the user may read ${index} and its mappings`);
  if (!shape.hasIndex && missingRights.some(({ right }) => right === "read"))
    return amiss("rights", "FAIL", `the user lacks ${wordsOf(missingRights)} and sees no index`, remedyOf(index));
  // A role may grant some of the indices behind a pattern and not the pattern itself.
  const message = `the user lacks ${wordsOf(missingRights)}, so some indices may be missing from answers`;
  return amiss("rights", "WARN", message, remedyOf(index));
}

function wordsOf(missingRights: readonly MissingRight[]): string {
  return missingRights.map(({ right, pattern }) => `${right} on ${pattern}`).join(", ");
}

function remedyOf(index: string): string {
  return `give its role the index privileges read and view_index_metadata on ${index}`;
}

function judgeShape({ index, shape, timestampTypes }: IndexFacts): Inspection {
  const field = shape.timestamp;
  if (timestampTypes.length === 0)
    return amiss(
      "shape",
      "FAIL",
      `no document of ${index} has the field ${field}`,
      "name the field of the instant in `fields.timestamp` of this source",
    );
  const wrong = timestampTypes.filter((type) => type !== "date" && type !== "date_nanos");
  if (wrong.length > 0)
    return amiss(
      "shape",
      "FAIL",
      `${field} is mapped as ${wrong.join(", ")} in some index of ${index}, which cannot be searched by time`,
      `map it as date, such as ${template} does, and write new indices`,
    );
  if (shape.names.length === 0)
    return amiss(
      "shape",
      "WARN",
      `documents of ${index} are of no shipper Meshlens knows; ${field} is a ${timestampTypes.join(" and ")}`,
      "name the fields of namespace, pod, level and message in `fields` of this source",
    );
  return passed("shape", `documents of ${shape.names.join(", ")}; ${field} is a ${timestampTypes.join(" and ")}`);
}

function judgeTraceIds({ shape, linesOfHour, tracedLinesOfHour }: IndexFacts): Inspection {
  const fields = shape.exact.traceId;
  const remedy = `let access log and applications write trace_id (docs/guides/connect-to-istio.md), mapped as ${template} does`;
  if (fields.length === 0)
    return amiss(
      "trace-ids",
      "WARN",
      "no field holds trace ids: they are looked for in the text of lines, which costs more and finds less",
      remedy,
    );
  const names = fields.map(({ path }) => path).join(", ");
  if (linesOfHour === 0)
    return amiss(
      "trace-ids",
      "UNKNOWN",
      `the last hour has no lines to look for ${names} in`,
      "ask again when lines arrive",
    );
  const share = `${tracedLinesOfHour} of ${linesOfHour} lines of the last hour have ${names}`;
  if (tracedLinesOfHour === 0) return amiss("trace-ids", "WARN", share, remedy);
  const unsuited = fields.filter(({ isKeyword, whole }) => !isKeyword && whole === null).map(({ path }) => path);
  if (unsuited.length > 0)
    return amiss(
      "trace-ids",
      "WARN",
      `${share}, but ${unsuited.join(", ")} is text without a keyword`,
      `map it as keyword, such as ${template} does`,
    );
  return passed("trace-ids", share);
}

function judgeInstants({ newestMs, futureLines, askedAtMs }: IndexFacts): readonly Inspection[] {
  const future =
    futureLines === 0
      ? []
      : [
          amiss(
            "clock",
            "WARN",
            `${futureLines} lines are from more than a minute in the future`,
            "set the clocks of the nodes by NTP, and let shippers write the instant with its zone",
          ),
        ];
  if (newestMs === null)
    return [
      amiss("freshness", "FAIL", "there are indices but no line in them", "look whether the shipper runs"),
      ...future,
    ];
  // Lines from the future hide how old the newest true one is.
  if (future.length > 0) return future;
  const ageMs = Math.max(0, askedAtMs - newestMs);
  const message = `the newest line is ${lengthWords(ageMs)} old`;
  const remedy = "look at the shipper's own log, and whether `index` also matches the indices written today";
  return [ageMs > staleMs ? amiss("freshness", "WARN", message, remedy) : passed("freshness", message), ...future];
}
