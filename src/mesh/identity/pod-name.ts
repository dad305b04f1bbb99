/** What a pod's name tells: the last resort for records and spans without labels. */
import { podWorkload } from "../../telemetry/pod-name.js";

/** The service a pod most likely serves: its workload without a version (`reviews` of `reviews-v2-6f6cfc45b-h5m2n`). */
export function podService(pod: string): string {
  return podWorkload(pod).replace(/-v\d+$/, "");
}
