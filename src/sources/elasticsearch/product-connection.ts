/** The connection under Elasticsearch's client: one deadline for headers and body, a cap on the body, and honest names for strangers. */
import {
  type ConnectionRequestOptions,
  type ConnectionRequestOptionsAsStream,
  type ConnectionRequestParams,
  type ConnectionRequestResponse,
  type ConnectionRequestResponseAsStream,
  errors,
  HttpConnection,
} from "@elastic/elasticsearch";

type Answer = ConnectionRequestResponse & ConnectionRequestResponseAsStream;

/**
 * Reads the body itself, because the client's connections either forget the caller's signal once headers have come (Node's http) or
 * open a spare socket after each call that was given up (undici). Its product check looks at one header before it reads a body, so
 * that a login page, a proxy's JSON and OpenSearch all look the same to it: answers without the header that are no search answers are
 * called by their name here. A class because the client takes one.
 */
export class ProductConnection extends HttpConnection {
  override request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptions,
  ): Promise<ConnectionRequestResponse>;
  override request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptionsAsStream,
  ): Promise<ConnectionRequestResponseAsStream>;
  override async request(
    params: ConnectionRequestParams,
    options: ConnectionRequestOptions | ConnectionRequestOptionsAsStream,
  ): Promise<Answer> {
    const answer = await super.request(params, { ...options, asStream: true });
    const body = await readBody(answer, options);
    const { headers, statusCode } = answer;
    const isOk = statusCode >= 200 && statusCode < 300;
    if (isOk && headers["x-elastic-product"] === undefined && !isSearchLike(body))
      throw new errors.DeserializationError("the answer is not Elasticsearch's", "");
    // A proxy's page for an error is not JSON; the status says enough, and the client would choke on the body first.
    const isPage = statusCode >= 400 && parsed(body) === null;
    // The client's types tell answers that stream from those that do not; it never asks us for a stream.
    return { headers, statusCode, body: isPage ? "{}" : body } as unknown as Answer;
  }
}

async function readBody(
  { body }: ConnectionRequestResponseAsStream,
  { signal, maxResponseSize = Number.POSITIVE_INFINITY }: ConnectionRequestOptions,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const cut = () => body.destroy();
  if (signal?.aborted === true) cut();
  signal?.addEventListener("abort", cut, { once: true });
  try {
    for await (const chunk of body) {
      const bytes = chunk as Buffer;
      size += bytes.length;
      if (size > maxResponseSize) throw new errors.RequestAbortedError(`The content length passed ${maxResponseSize}`);
      chunks.push(bytes);
    }
    return Buffer.concat(chunks, size).toString("utf8");
  } catch (error) {
    if (error instanceof errors.RequestAbortedError) throw error;
    throw new errors.ConnectionError("ECONNRESET while reading the body");
  } finally {
    signal?.removeEventListener("abort", cut);
    body.destroy();
  }
}

/** A whole JSON object with a key that search servers of this family answer with. */
function isSearchLike(body: string): boolean {
  const keys = Object.keys(parsed(body) ?? {});
  return ["responses", "indices", "fields", "nodes", "version"].some((key) => keys.includes(key));
}

function parsed(body: string): object | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
