import type { ObjectLockRetentionMode } from "@aws-sdk/client-s3";

import { atLeast, oneOf } from "../../schema/rules";
import { defined, mapOf } from "../resource";
import { bucketSetting } from "./setting";

export const objectLock = bucketSetting({
    fields: {
        objectLockEnabled: { kind: "string", default: "Enabled", replaces: true, rule: oneOf("Enabled") },
        rule: {
            kind: "object",
            fields: {
                defaultRetention: {
                    kind: "object",
                    required: true,
                    fields: {
                        mode: { kind: "string", rule: oneOf("COMPLIANCE", "GOVERNANCE") },
                        days: { kind: "integer", rule: atLeast(1) },
                        years: { kind: "integer", rule: atLeast(1) },
                    },
                },
            },
        },
        token: { kind: "any", refused: "AWS gives one out to buckets that were made without a lock", secret: true },
    },
    put: (s3, Bucket, inputs) => {
        const { mode, days, years } = mapOf(mapOf(inputs.rule).defaultRetention);
        return s3.putObjectLockConfiguration({
            Bucket,
            ObjectLockConfiguration: {
                ObjectLockEnabled: "Enabled",
                ...(mode !== undefined && {
                    Rule: {
                        DefaultRetention: {
                            Mode: mode as ObjectLockRetentionMode,
                            ...(typeof days === "number" && { Days: days }),
                            ...(typeof years === "number" && { Years: years }),
                        },
                    },
                }),
            },
        });
    },
    async get(s3, Bucket) {
        const { ObjectLockConfiguration: found } = await s3.getObjectLockConfiguration({ Bucket });
        const retention = found?.Rule?.DefaultRetention;
        return (
            found && {
                objectLockEnabled: "Enabled",
                ...(retention && {
                    rule: {
                        defaultRetention: defined({
                            mode: retention.Mode,
                            days: retention.Days,
                            years: retention.Years,
                        }),
                    },
                }),
            }
        );
    },
    /** A lock that is on stays on: what goes is that new objects get it by themselves. */
    remove: (s3, Bucket) =>
        s3.putObjectLockConfiguration({ Bucket, ObjectLockConfiguration: { ObjectLockEnabled: "Enabled" } }),
});
