import { flagAt } from "../../core/raw";
import type { Pod } from "../objects";

/** Root in a pod with a user namespace of its own is nobody on the node, so what is asked of users is not asked of it. */
export function hasUserNamespace(pod: Pod): boolean {
    return flagAt(pod.spec, "hostUsers") === false;
}
