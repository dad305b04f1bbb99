/** What the simulated mesh is made of. Written by a mesh's definition, read by the simulation and by every renderer of its telemetry. */

/** The name callers use: a Kubernetes Service. */
export interface MeshService {
  readonly name: string;
  readonly namespace: string;
  /** `reviews.bookinfo.svc.cluster.local` */
  readonly host: string;
  readonly port: number;
}

/** What runs a service: a Deployment. */
export interface MeshWorkload {
  /** `reviews-v2` */
  readonly name: string;
  readonly namespace: string;
  /** Label `app` and canonical name. */
  readonly app: string;
  /** Label `version` and canonical revision. */
  readonly version: string;
  readonly serviceAccount: string;
  readonly image: string;
  /** The service it stands behind; null for a gateway. */
  readonly service: MeshService | null;
}

/** One replica with its sidecar (or the gateway's own proxy). */
export interface MeshPod {
  /** `reviews-v2-5c8d9f7b6d-x2x7k` */
  readonly name: string;
  readonly ip: string;
  readonly node: string;
  readonly workload: MeshWorkload;
}

/** A host outside the mesh, declared by a ServiceEntry. */
export interface ExternalHost {
  /** `mysql.example.com`, `firestore.googleapis.com` */
  readonly host: string;
  readonly port: number;
}
