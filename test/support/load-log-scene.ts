/** Puts a scene's documents into a real Elasticsearch, in the indices its pattern names. */
import { indexOf, type LogScene } from "./log-scenes.js";

/** Deletes what an earlier run left, creates the mapped indices, loads and refreshes. */
export async function loadLogScene(url: string, scene: LogScene): Promise<void> {
  const indices = [...new Set(scene.documents.map((document) => indexOf(scene, document)))];
  for (const index of indices) await send(url, "DELETE", `/${index}?ignore_unavailable=true`, null);
  for (const [day, mappings] of Object.entries(scene.mappings))
    await send(url, "PUT", `/meshlens-${scene.name}-${day}`, JSON.stringify({ mappings }));
  const lines = scene.documents.flatMap((document) => [
    JSON.stringify({ create: { _index: indexOf(scene, document), _id: document.id } }),
    JSON.stringify(document.source),
  ]);
  const answer = await send(url, "POST", "/_bulk?refresh=true", `${lines.join("\n")}\n`);
  if (answer.includes('"errors":true')) throw new Error(`Elasticsearch refused documents of ${scene.name}: ${answer}`);
}

async function send(url: string, method: string, path: string, body: string | null): Promise<string> {
  const response = await fetch(url + path, {
    method,
    ...(body !== null && { body, headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`Elasticsearch answered ${response.status} to ${method} ${path}: ${text}`);
  return text;
}
