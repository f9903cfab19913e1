import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { statementRule } from "../documents";
import type { Statement } from "../statement";

/** What carries data away, when it can be on anything. */
const READING = [
    ...["s3:GetObject", "s3:GetObjectVersion", "secretsmanager:GetSecretValue"],
    ...["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "ssm:GetParameterHistory"],
    ...["kms:Decrypt", "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan"],
    ...["ec2:ModifySnapshotAttribute", "rds:ModifyDBSnapshotAttribute", "rds-data:ExecuteStatement"],
];

/** All of a kind: every object, secret, parameter, key, table, snapshot. */
const ALL_OF =
    /^arn:[^:]*:(?<service>[\w-]+):[^:]*:[^:]*:(?:\*+(?:\/\*+)?|(?:secret|parameter|key|table|snapshot|cluster-snapshot|cluster)[/:]\*+)$/;

export default statementRule({
    id: "GW-AWS-035",
    slug: "exfiltration",
    title: "No policy lets anybody read all data of the account's",
    why: "One leaked key then is every secret, every object and every snapshot.",
    remedy: "Name the buckets, secrets, parameters and keys.",
    severity: "high",
    levels: FROM_STAGING,
    references: soc2("CC6.1", "CC6.3", "C1.1"),
    check({ kind, statement }, report) {
        if (kind !== "identity" || !statement.allows || statement.isLimited) return;
        const found = READING.filter((action) => statement.covers(action) && isOnAll(action, statement));
        if (found.length > 0) report("", `must not allow ${found.join(", ")} on everything`);
    },
});

function isOnAll(action: string, { isOnEverything, resources }: Statement): boolean {
    const service = action.split(":")[0]!.replace("rds-data", "rds");
    return isOnEverything || resources.some((resource) => ALL_OF.exec(resource)?.groups?.["service"] === service);
}
