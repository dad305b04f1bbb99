/** The envelope of Prometheus's API: status, data, warnings, and its errors as ours. Called by the source for every answer. */
import { MeshlensError } from "../../errors.js";
import type { HttpAnswer } from "../../http/http-client.js";
import { asList, asObject, decodeError, isObject, parseJson } from "../../http/read-json.js";

/** Statuses whose body explains itself in the envelope. */
export const explainedStatuses: readonly number[] = [400, 422, 503];

/** A successful answer, its data not yet looked at. */
export interface PrometheusAnswer {
  readonly data: unknown;
  readonly warnings: readonly string[];
}

/**
 * Opens the envelope.
 * @throws MESHLENS_ERR_SOURCE_QUERY_REFUSED bad_data, execution · _TIMEOUT timeout, canceled · _STATUS anything else · _DECODE
 */
export function openAnswer(source: string, answer: HttpAnswer): PrometheusAnswer {
  if (answer.status >= 300) throw explainedError(source, answer);
  const envelope = asObject(source, "", parseJson(source, answer.body));
  if (envelope["status"] !== "success") throw decodeError(source, "status", "no success");
  return { data: envelope["data"], warnings: warningsOf(source, envelope) };
}

/** Warnings, and infos that are about the answer; `PromQL info` is advice to who writes queries. VictoriaMetrics says isPartial. */
function warningsOf(source: string, envelope: Readonly<Record<string, unknown>>): readonly string[] {
  const said = [...asList(source, "warnings", envelope["warnings"]), ...asList(source, "infos", envelope["infos"])];
  const texts = said.map(String).filter((text) => !text.startsWith("PromQL info"));
  return envelope["isPartial"] === true ? [...texts, "The answer is partial: not every storage node answered."] : texts;
}

function explainedError(source: string, { status, body }: HttpAnswer): MeshlensError {
  const { errorType, error } = envelopeOf(body);
  const said = typeof error === "string" && error !== "" ? `: ${error.slice(0, 300)}` : "";
  const details = { source, status };
  if (errorType === "timeout" || errorType === "canceled") {
    const message = `Prometheus source ${source} gave the query up${said}; ask for a shorter range or raise its --query.timeout.`;
    return new MeshlensError("MESHLENS_ERR_SOURCE_TIMEOUT", message, details);
  }
  if (errorType === "bad_data" || errorType === "execution" || (status === 422 && said !== "")) {
    const message = `Prometheus source ${source} refused the query${said}.`;
    return new MeshlensError("MESHLENS_ERR_SOURCE_QUERY_REFUSED", message, details);
  }
  const message = `Prometheus source ${source} answered ${status}${said}; check that its url points to the root of its API.`;
  return new MeshlensError("MESHLENS_ERR_SOURCE_STATUS", message, details);
}

/** The envelope of an error; {} for a proxy's page. */
function envelopeOf(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
