import { FROM_STAGING } from "../../core/rule";
import { soc2 } from "../../frameworks/soc2";
import { statementRule } from "../documents";

/** What only lists, which often can be on nothing in particular. */
const LISTING =
    /^[\w-]+:(?:List|Describe|Get(?!Object|SecretValue|Parameter|Item|Records|Session|Federation|Authorization|Log)|Search|View)\w*\*?$/i;

/** What changes, or hands out, nothing that has an ARN: AWS takes no resource but * for it. By the service authorization reference. */
const NAMELESS = new Set(
    [
        ...["acm:RequestCertificate", "cloudformation:ValidateTemplate", "cloudtrail:LookupEvents"],
        ...["cloudwatch:PutMetricData", "ec2messages:AcknowledgeMessage", "ec2messages:DeleteMessage"],
        ...["ec2messages:FailMessage", "ec2messages:SendReply", "ecr-public:GetAuthorizationToken"],
        ...["ecr:GetAuthorizationToken", "kms:CreateKey", "kms:GenerateRandom", "route53:CreateHostedZone"],
        ...["servicediscovery:DiscoverInstances", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel"],
        ...["ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel", "states:SendTaskFailure"],
        ...["states:SendTaskHeartbeat", "states:SendTaskSuccess", "sts:DecodeAuthorizationMessage"],
        ...["sts:GetCallerIdentity", "sts:GetServiceBearerToken", "sts:GetSessionToken", "xray:PutSpans"],
        ...["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    ].map((action) => action.toLowerCase()),
);

export default statementRule({
    id: "GW-AWS-033",
    slug: "wildcard-resources",
    title: "Policies name what they allow to change",
    why: "On * a role that is to write to one bucket writes to every other of the account's as well.",
    remedy: "Name the resources by their ARNs.",
    severity: "medium",
    levels: FROM_STAGING,
    references: soc2("CC6.3"),
    check({ kind, statement }, report) {
        if (kind !== "identity" || !statement.allows || !statement.isOnEverything) return;
        if (statement.isLimited && statement.notResources.length === 0) return;
        if (statement.notActions.length > 0 || statement.actions.some(isOfSomething)) {
            report(statement.resources.length > 0 ? "Resource" : "NotResource", "must name resources");
        }
    },
});

function isOfSomething(action: string): boolean {
    return !LISTING.test(action) && !NAMELESS.has(action.toLowerCase());
}
