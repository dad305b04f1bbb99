/** An alert of Alertmanager between its record in the store and the one in memory. Called by the inbox. */
import { z } from "zod";
import { MeshlensError } from "../../errors.js";
import type { StoredRulerAlert } from "../../store/ruler-store.js";
import { plainJson } from "../stored-alert.js";
import type { KeptAlert } from "./merge-alert.js";

const texts = z.record(z.string(), z.string());
const payloadSchema = z.strictObject({ labels: texts, annotations: texts, generatorUrl: z.string().nullable() });

/** The record of an alert. */
export function storedAlert({ labels, annotations, generatorUrl, ...kept }: KeptAlert): StoredRulerAlert {
  return { ...kept, payload: plainJson({ labels, annotations, generatorUrl }) };
}

/** The alert of a record. @throws MESHLENS_ERR_STORE_CORRUPT */
export function keptAlert({ payload, ...kept }: StoredRulerAlert): KeptAlert {
  const { data } = payloadSchema.safeParse(payload);
  if (data !== undefined) return { ...kept, ...data };
  throw new MeshlensError(
    "MESHLENS_ERR_STORE_CORRUPT",
    `The store holds an alert of Alertmanager (${kept.key}) that no version of Meshlens wrote: restore a backup, or delete its row of ruler_alert; Alertmanager tells it again.`,
  );
}
