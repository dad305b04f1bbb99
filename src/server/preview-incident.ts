/** The messages of an incident out of a configuration's store, for `meshlens slack preview ID`; the server may run meanwhile. */
import type { LoadedConfig } from "../config/load-config.js";
import { storeSettings } from "../config/store-settings.js";
import { MeshlensError } from "../errors.js";
import { deliveryPreviews } from "../slack/preview/delivery-previews.js";
import type { PreviewMessage } from "../slack/preview/preview-html.js";
import { readDeliveries } from "../store/read-deliveries.js";

/** At least one. @throws MESHLENS_ERR_QUERY_INPUT for an incident nothing was said of · MESHLENS_ERR_STORE_* */
export async function previewIncident(loaded: LoadedConfig, incidentId: string): Promise<readonly PreviewMessage[]> {
  const settings = storeSettings(loaded.config);
  const deliveries = settings === null ? [] : await readDeliveries(settings.url, incidentId);
  if (deliveries.length === 0) {
    throw new MeshlensError(
      "MESHLENS_ERR_QUERY_INPUT",
      `nothing was said of an incident ${incidentId} in the store of ${loaded.file}: its id is at the foot of its message`,
    );
  }
  return deliveryPreviews(deliveries);
}
