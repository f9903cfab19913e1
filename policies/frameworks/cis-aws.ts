import { type Framework, referencesTo } from "./framework";

const CIS_AWS = {
    name: "CIS AWS Foundations Benchmark",
    version: "7.0.0",
    url: "https://www.cisecurity.org/benchmark/amazon_web_services",
    scope: "Of chapters 2 to 4 the controls on policies, S3, keys and logs, which the resources of a backup bucket decide. The others are about an account.",
    controls: {
        "2.13": "Ensure IAM users receive permissions only through groups",
        "2.14": 'Ensure IAM policies that allow full "*:*" administrative privileges are not attached',
        "2.16": "Ensure IAM instance roles are used for AWS resource access from instances",
        "2.20": "Ensure access to AWSCloudShellFullAccess is restricted",
        "2.21": "Ensure AWS resource policies do not allow unrestricted access using 'Principal': '*'",
        "3.1.1": "Ensure S3 Bucket Policy is set to deny HTTP requests",
        "3.1.2": "Ensure MFA Delete is enabled on S3 buckets",
        "3.1.3": "Ensure all data in Amazon S3 has been discovered, classified, and secured when necessary",
        "3.1.4": "Ensure that S3 is configured with 'Block Public Access' enabled",
        "4.4": "Ensure that server access logging is enabled on the CloudTrail S3 bucket",
        "4.5": "Ensure CloudTrail logs are encrypted at rest using KMS CMKs",
        "4.6": "Ensure rotation for customer-created symmetric CMKs is enabled",
        "4.8": "Ensure that object-level logging for write events is enabled for S3 buckets",
        "4.9": "Ensure that object-level logging for read events is enabled for S3 buckets",
    },
    limits: {
        "2.13": "Who is in which group is the account's. Groundwork makes roles and no users.",
        "2.14": "That none is written, or attached by its name. What a policy of AWS' own allows by another name is not known here.",
        "2.16": "Groundwork makes no instances.",
        "3.1.2": "Only the account's root user can switch it on, by hand. GW-AWS-008 asks for object lock instead.",
        "3.1.3": "Finding and classifying data is a process.",
        "4.4": "That each bucket of a stack has a log. Which of them is CloudTrail's is the account's.",
        "4.5": "The trail is the account's.",
        "4.8": "The trail is the account's. GW-AWS-009 asks for the bucket's own log.",
        "4.9": "The trail is the account's. GW-AWS-009 asks for the bucket's own log.",
    },
} as const satisfies Framework;

export const cisAws = referencesTo(CIS_AWS);
