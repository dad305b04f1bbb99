/** Turns what a network and a server can do wrong into one sentence with a code. Never a body, a header or a password in it. */
import { MeshlensError } from "../errors.js";

const remedies: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there; is it running, and is the port right?",
  ENOTFOUND: "the host name does not resolve; check the url of this source",
  EAI_AGAIN: "the host name could not be resolved just now; check DNS",
  ECONNRESET: "the connection was closed by the other side",
  EPIPE: "the connection was closed by the other side",
  ETIMEDOUT: "the network did not answer",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
};

/** Where a source is, for people: scheme, host and port, without user, password, path or query. */
export function originOf(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** An error of the connection itself. */
export function connectionError(source: string, url: string, cause: unknown): MeshlensError {
  const code = errnoOf(cause);
  const isTls = /CERT|TLS|SSL|ALTNAME|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code);
  const remedy = isTls
    ? "TLS failed; check the certificate, tls.ca and the scheme of the url"
    : (remedies[code] ?? "the connection failed");
  return unreachable(source, url, remedy, cause);
}

/** An answer that had begun and did not come to its end; Node calls every such connection reset. */
export function brokenAnswerError(source: string, url: string, cause: unknown): MeshlensError {
  return unreachable(source, url, "the connection broke in the middle of an answer", cause);
}

function unreachable(source: string, url: string, remedy: string, cause: unknown): MeshlensError {
  const code = errnoOf(cause);
  const words = code === "" ? remedy : `${remedy} (${code})`;
  return new MeshlensError(
    "MESHLENS_ERR_SOURCE_UNREACHABLE",
    `${source} at ${originOf(url)}: ${words}`,
    { source },
    cause,
  );
}

/** An answer whose status is no answer to the question. */
export function statusError(source: string, url: string, status: number, pauseMs: number): MeshlensError {
  const where = `${source} at ${originOf(url)} answered ${status}`;
  if (status === 401 || status === 403)
    return new MeshlensError(
      "MESHLENS_ERR_SOURCE_UNAUTHORIZED",
      `${where}: check the credentials (auth, headers) of this source in the configuration`,
      { source, status },
    );
  if (status === 429)
    return new MeshlensError(
      "MESHLENS_ERR_SOURCE_RATE_LIMITED",
      `${where}: it asks to be left alone for ${Math.ceil(pauseMs / 1000)} s`,
      { source, status, retryAfterMs: pauseMs },
    );
  if (status === 400 || status === 422)
    return new MeshlensError("MESHLENS_ERR_SOURCE_QUERY_REFUSED", `${where}: it refuses the query`, { source, status });
  const remedy =
    status === 404
      ? "this path does not exist there; check the url of this source, its path prefix included"
      : status >= 300 && status < 400
        ? "it redirects elsewhere; configure the final url"
        : "it has a fault of its own";
  return new MeshlensError("MESHLENS_ERR_SOURCE_STATUS", `${where}: ${remedy}`, { source, status });
}

/** The answer passed the cap; nothing of it is used. */
export function tooLargeError(source: string, limitBytes: number): MeshlensError {
  return new MeshlensError(
    "MESHLENS_ERR_SOURCE_TOO_LARGE",
    `${source} sent more than ${Math.round(limitBytes / 1_048_576)} MiB: ask for a shorter range, or raise maxResponseBytes of this source`,
    { source },
  );
}

/** Node's short code of a failure, "" where it has none; looks through wrapped errors. */
export function errnoOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ("code" in at && typeof at.code === "string" && !at.code.startsWith("ERR_BAD")) return at.code;
  }
  return "";
}
