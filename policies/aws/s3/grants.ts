/** What access control lists grant, in the bucket's own inputs and beside it. */
import { asMap, listAt, mapAt, textAt } from "../../core/raw";
import type { Resource } from "../../core/resource";
import type { Bucket } from "../buckets";

export interface Grant {
    readonly resource: Resource;
    readonly path: string;
    /** URI of the group that it is to; empty: it is to an account. */
    readonly group: string;
    /** `READ`, `WRITE_ACP`, `FULL_CONTROL` … */
    readonly permissions: readonly unknown[];
}

/** @throws UnknownValueError where there is a list of which something is not known */
export function grantsOf(bucket: Bucket): Grant[] {
    const own = listAt(bucket.raw, "grants").map((item, n) => {
        const grant = asMap(item, `grants[${n}]`);
        const group = textAt(grant, "uri") ?? "";
        return { resource: bucket.resource, path: `grants[${n}]`, group, permissions: listAt(grant, "permissions") };
    });
    const beside = bucket.parts("Acl").flatMap(({ resource, raw }) =>
        listAt(raw, "accessControlPolicy", "grants").map((item, n) => {
            const path = `accessControlPolicy.grants[${n}]`;
            const grant = asMap(item, path);
            const group = textAt(mapAt(grant, "grantee"), "uri") ?? "";
            return { resource, path, group, permissions: [textAt(grant, "permission")] };
        }),
    );
    return [...own, ...beside];
}
