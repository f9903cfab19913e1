import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { statementRule } from "../documents";

/** What carries data away, when it can be on anything. */
const READING = [
    ...[
        "s3:GetObject",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "ssm:GetParameters",
        "ssm:GetParametersByPath",
    ],
    ...[
        "kms:Decrypt",
        "dynamodb:Scan",
        "ec2:ModifySnapshotAttribute",
        "rds:ModifyDBSnapshotAttribute",
        "rds-data:ExecuteStatement",
    ],
];

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
        if (kind !== "identity" || !statement.allows || statement.conditions.length > 0) return;
        const everything =
            statement.isOnEverything || statement.resources.some((resource) => /^arn:aws[\w-]*:s3:::\*/.test(resource));
        if (!everything || (statement.actions.includes("*") && statement.isOnEverything)) return;
        const found = READING.filter((action) => statement.covers(action));
        if (found.length > 0) report("", `must not allow ${found.join(", ")} on everything`);
    },
});
