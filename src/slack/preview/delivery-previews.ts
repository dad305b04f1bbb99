/** What was, or is to be, said of an incident, for the preview: one message per delivery, charts drawn. Called by `meshlens slack preview ID`. */
import type { StoredDelivery } from "../../store/outbox-store.js";
import { isPicture, readPayload } from "../delivery-payload.js";
import { renderPicture } from "../render-picture.js";
import type { PreviewMessage } from "./preview-html.js";

/** In the order they were put in; what is no message of this version is said to be none. */
export function deliveryPreviews(deliveries: readonly StoredDelivery[]): readonly PreviewMessage[] {
  return deliveries.map(({ id, channel, state, queuedAtMs, payload }) => {
    const read = readPayload(payload);
    const when = new Date(queuedAtMs).toISOString().slice(0, 19).replace("T", " ");
    const title = `${read?.kind ?? "no message of this version"} · ${channel} · ${when} UTC · ${state} · ${id}`;
    if (read === null) return { title, text: "", blocks: [] };
    if (!isPicture(read)) return { title, ...read.message };
    const picture = renderPicture(read);
    return { title, text: picture.altText, blocks: [], picture };
  });
}
