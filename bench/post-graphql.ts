import http from "node:http";

/** A document of GraphQL and its variables. */
export interface Question {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Asks a server, over connections that are kept.
 * @param token of the caller; null: none
 * @throws Error with the first GraphQL error
 */
export async function postGraphql(
  url: string,
  question: Question,
  token: string | null = null,
): Promise<Record<string, unknown>> {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const headers = { "content-type": "application/json", ...authorization };
  const text = await send(`${url}/graphql`, { method: "POST", headers }, JSON.stringify(question));
  const { data, errors } = JSON.parse(text) as {
    data: Record<string, unknown>;
    errors?: Array<{ message: string }>;
  };
  if (errors !== undefined) throw new Error(`${question.query.trim().slice(0, 60)}: ${errors[0]?.message}`);
  return data;
}

function send(url: string, options: http.RequestOptions, body: string): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    const sent = http.request(url, options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => resolve(Buffer.concat(chunks).toString()));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
