/** A connection of Elasticsearch's client that tells another product's answer from an answer that is no such thing at all. */
import {
  type ConnectionRequestOptions,
  type ConnectionRequestOptionsAsStream,
  type ConnectionRequestParams,
  type ConnectionRequestResponse,
  type ConnectionRequestResponseAsStream,
  errors,
  UndiciConnection,
} from "@elastic/elasticsearch";

/**
 * The client's product check looks at one header before it reads a body, so that a login page, a proxy's JSON and OpenSearch all look
 * the same to it. Answers without the header that are no search answers are called by their name here. A class because the client
 * takes one.
 */
export class ProductConnection extends UndiciConnection {
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
  ): Promise<ConnectionRequestResponse & ConnectionRequestResponseAsStream> {
    const answer = await super.request(params, options as ConnectionRequestOptionsAsStream);
    const isOk = answer.statusCode >= 200 && answer.statusCode < 300;
    if (isOk && answer.headers["x-elastic-product"] === undefined && !isSearchLike(answer.body))
      throw new errors.DeserializationError("the answer is not Elasticsearch's", "");
    return answer as ConnectionRequestResponse & ConnectionRequestResponseAsStream;
  }
}

/** A whole JSON object with a key that search servers of this family answer with. */
function isSearchLike(body: unknown): boolean {
  if (typeof body !== "string") return false;
  try {
    const value: unknown = JSON.parse(body);
    const keys = typeof value === "object" && value !== null ? Object.keys(value) : [];
    return ["responses", "indices", "fields", "nodes", "version"].some((key) => keys.includes(key));
  } catch {
    return false;
  }
}
