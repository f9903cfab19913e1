/** What a stack file may say of backups: whether, when, where to, and for how long. */
import { z } from "zod";

import { DRILL_RHYTHMS } from "../systems/backup";
import { cidrs } from "./field-makers";
import { field } from "./fields";
import { BUCKET_NAME, isServerUrl, isTimeZone, REGION } from "./formats";

/** S3's longest lock: 100 years. */
export const LONGEST_DAYS = 36_500;

const count = (unit: "days" | "weeks", absent: string, meaning: string, example: number) =>
    field(z.int().min(1).max(LONGEST_DAYS), {
        meaning,
        rule: `must be a whole number of ${unit} from 1 to 36500${unit === "days" ? " (100 years)" : ""}`,
        example,
        default: absent,
    }).optional();

const THE_DOCUMENTS = "the document's, for each store";

const region = (meaning: string, example: string, absent: string) =>
    field(z.string().regex(REGION), {
        meaning,
        rule: "must be a region's name: a-z, 0-9 and hyphens",
        example,
        default: absent,
    }).optional();

const lock = z.strictObject({
    mode: field(z.enum(["none", "governance", "compliance"]), {
        meaning:
            "Whether what is written cannot be removed for a time. `governance`: whoever has the right to can lift it. `compliance`: nobody can, " +
            "the account's owner included, and every byte is paid for until the time is over. A bucket keeps having or not having one for its life.",
        rule: "must be one of none, governance, compliance",
        example: "compliance",
    }).optional(),
    days: count(
        "days",
        "none",
        "For how many days. Not above `noncurrentDays`, nor above what the retention keeps.",
        14,
    ),
});

const bucket = z.strictObject({
    kind: field(z.enum(["local", "s3", "aws"]), {
        meaning:
            "`local`: a server in the stack, for dev: it is lost with the machine. `s3`: a bucket of yours, on any server that speaks S3. `aws`: a " +
            "bucket on AWS that the stack makes, with its keys and identities.",
        rule: "must be one of local, s3, aws",
        example: "s3",
    }).optional(),
    name: field(z.string().regex(BUCKET_NAME), {
        meaning: "Name of the bucket.",
        rule: "must be a bucket's name: 3 to 55 of a-z, 0-9, dots and hyphens, beginning and ending with a letter or digit",
        example: "example-backups",
        default: "aws: one of the provider's making; s3: none, required",
    }).optional(),
    endpoint: field(z.string().max(512).refine(isServerUrl), {
        meaning: "URL of the server, without the bucket, with `s3`.",
        rule: "must be http:// or https:// and a host, with a port if need be, and nothing behind it",
        example: "https://s3.example.com",
        default: "none; required with s3",
    }).optional(),
    addresses: cidrs({
        meaning: "Where the server's addresses are, on Kubernetes, where a network policy lets nothing else through.",
        example: ["10.0.12.0/24"],
        whenAbsent: "the endpoint's where it is an address, else the internet",
    }),
    region: region("Region of the bucket.", "eu-central-1", "s3: us-east-1; aws: none, required"),
    replicaRegion: region(
        "Second region that everything is copied to, with `aws`: a region can be lost as a whole.",
        "eu-west-1",
        "none; required in prod with aws",
    ),
    noncurrentDays: field(z.int().min(1).max(LONGEST_DAYS), {
        meaning:
            "For how many days what was removed or overwritten can be brought back, with `aws`. It is paid for as long.",
        rule: "must be a whole number of days from 1 to 36500 (100 years)",
        example: 30,
    }).optional(),
    lock: field(lock, { meaning: "Object lock, with `aws`.", rule: "must be a map of mode, days" }).optional(),
});

const retention = z.strictObject({
    daily: count("days", THE_DOCUMENTS, "Of how many days that have a backup the newest one is kept.", 14),
    weekly: count("weeks", THE_DOCUMENTS, "Of how many weeks that have a backup the newest one is kept.", 8),
    days: count("days", THE_DOCUMENTS, "For how many days every backup is kept.", 60),
});

export const backupSchema = field(
    z.strictObject({
        enabled: field(z.boolean(), {
            meaning: "Whether the system's backup schedules run.",
            rule: "must be true or false",
            example: true,
        }).optional(),
        timeZone: field(z.string().max(64).refine(isTimeZone), {
            meaning: "Time zone that the backup schedules are read in.",
            rule: "must be a time zone of the IANA database, spelt as there, e.g. Europe/Berlin or UTC",
            example: "Europe/Berlin",
        }).optional(),
        bucket: field(bucket, {
            meaning: "Where backups go.",
            rule: "must be a map of kind, name, endpoint, addresses, region, replicaRegion, noncurrentDays, lock",
        }).optional(),
        retention: field(retention, {
            meaning: "For how long they are kept, where that is longer than the document says.",
            rule: "must be a map of daily, weekly, days",
            default: "the document's, for each store",
        }).optional(),
        drill: field(z.enum(DRILL_RHYTHMS), {
            meaning:
                "How often the newest backup of every store is restored into a throw-away place and compared, at 05:15. `quarterly`: on the first " +
                "day of January, April, July and October; `weekly` on Mondays.",
            rule: `must be one of ${DRILL_RHYTHMS.join(", ")}`,
            example: "monthly",
        }).optional(),
        localDays: field(z.int().min(0).max(365), {
            meaning:
                "For how many days a second copy is kept in a volume on the machine, on Docker, so that a restore does not wait for the bucket. 0: none.",
            rule: "must be a whole number of days from 0 to 365",
            example: 7,
            default: "the document's, for all stores alike; none with kind local",
        }).optional(),
    }),
    { meaning: "Backups.", rule: "must be a map of enabled, timeZone, bucket, retention, drill, localDays" },
);
