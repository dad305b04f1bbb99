/** The few HTTP calls of the installers and loaders; the product's own client is what the suite tests, so it is not used here. */

const timeoutMs = 60_000;

/**
 * The JSON an address answers with.
 * @throws Error with the address, the status and the start of the body when it is not 2xx
 */
export async function fetchJson<T>(url: string, init: RequestInit = {}): Promise<T> {
  return JSON.parse(await fetchText(url, init)) as T;
}

/** The body an address answers with; throws as {@link fetchJson}. */
export async function fetchText(url: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), ...init });
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${body.slice(0, 300)}`);
  return body;
}

/** A POST of a body with its content type. */
export function posting(contentType: string, body: string): RequestInit {
  return { method: "POST", headers: { "content-type": contentType }, body };
}
