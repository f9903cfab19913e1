/** Which buckets S3 writes the access logs of others into. */
import { ifKnown } from "../../core/unknown";
import type { Bucket } from "../buckets";
import { textAt } from "../../core/raw";
import { statementsIn } from "../documents";
import { grantsOf } from "./grants";

const GROUP = /\/s3\/LogDelivery$/;
const SERVICE = "logging.s3.amazonaws.com";

/** Others of the stack log into it. */
export function isLogTarget({ buckets, resource }: Bucket): boolean {
    return buckets.logTargets.has(resource);
}

/** Others log into it, or could: of another stack's it is only known that S3's logging may write. */
export function takesLogs(bucket: Bucket): boolean {
    return isLogTarget(bucket) || ifKnown(() => isListed(bucket), false) || ifKnown(() => isInPolicy(bucket), false);
}

function isListed(bucket: Bucket): boolean {
    const isCanned = bucket.parts("Acl").some(({ raw }) => textAt(raw, "acl") === "log-delivery-write");
    return isCanned || grantsOf(bucket).some(({ group }) => GROUP.test(group));
}

function isInPolicy(bucket: Bucket): boolean {
    const statements = bucket.parts("Policy").flatMap(({ raw }) => statementsIn(raw, "policy"));
    return statements.some(
        ({ allows, principals }) =>
            allows && principals.some(({ type, value }) => type === "Service" && value === SERVICE),
    );
}
