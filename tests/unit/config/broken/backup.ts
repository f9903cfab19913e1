/** Broken configs of backups. */
import { CANARY, PROD, type Values } from "../fixture";
import { type Broken, dev, prod } from "./case";

const AWS = { region: "eu-central-1", replicaRegion: "eu-west-1" };
const SERVER = { kind: "s3", name: "example-backups", endpoint: "https://s3.example.com" };
const KEYS = { BACKUP_ACCESS_KEY_ID: `${CANARY}-id`, BACKUP_SECRET_ACCESS_KEY: `${CANARY}-key` };

const bucket = (said: Values, more: Values = {}): Values => ({ backup: { enabled: true, bucket: said, ...more } });
const server = (said: Values, more: Values = {}): Values => ({
    ...bucket({ ...SERVER, ...said }),
    secrets: KEYS,
    ...more,
});

export const BACKUP: Broken[] = [
    prod(
        "a bucket in the stack that it keeps the backups of, in prod",
        bucket({ kind: "local" }),
        "backup.bucket.kind",
        "must be aws or s3 in prod",
        "pulumi config set --path groundwork:backup.bucket.kind aws",
    ),
    prod(
        "a bucket on AWS without a region",
        bucket({ replicaRegion: "eu-west-1" }),
        "backup.bucket.region",
        "is required",
    ),
    prod(
        "backups in one region in prod",
        bucket({ region: "eu-central-1" }),
        "backup.bucket.replicaRegion",
        "is required in prod: a region can be lost as a whole",
    ),
    prod(
        "a second region that is the first",
        bucket({ ...AWS, replicaRegion: AWS.region }),
        "backup.bucket.replicaRegion",
        "must be another region",
    ),
    prod(
        "a lock that outlasts what the bucket keeps",
        bucket({ ...AWS, lock: { days: 40 } }),
        "backup.bucket.lock.days",
        "must not be above backup.bucket.noncurrentDays, 30",
    ),
    dev(
        "a region of the stack's own server",
        bucket({ region: "eu-west-1" }),
        "backup.bucket.region",
        "has no meaning",
    ),
    dev(
        "a lock in somebody else's bucket",
        server({ lock: { mode: "governance" } }),
        "backup.bucket.lock",
        "only with aws",
        "pulumi config rm --path groundwork:backup.bucket.lock",
    ),
    dev(
        "a bucket of which nobody says on which server",
        { ...bucket({ kind: "s3", name: "example-backups" }), secrets: KEYS },
        "backup.bucket.endpoint",
        "is required with backup.bucket.kind s3",
    ),
    dev(
        "an endpoint with a path",
        server({ endpoint: "https://s3.example.com/bucket" }),
        "backup.bucket.endpoint",
        "nothing behind it",
    ),
    dev(
        "a server whose secret key nobody says, in dev too",
        { ...bucket(SERVER), secrets: { BACKUP_ACCESS_KEY_ID: `${CANARY}-id` } },
        "secrets.BACKUP_SECRET_ACCESS_KEY",
        "nobody but you has its keys",
    ),
    prod(
        "a server whose access key nobody says",
        {
            ...bucket(SERVER),
            secrets: { ...(PROD.secrets as Values), BACKUP_SECRET_ACCESS_KEY: `${CANARY}-key` },
        },
        "secrets.BACKUP_ACCESS_KEY_ID",
        "is required in prod",
    ),
    dev(
        "addresses on Docker",
        server({ addresses: ["10.0.0.0/8"] }),
        "backup.bucket.addresses",
        "do not filter by address",
    ),
    dev(
        "addresses beside an address",
        server({ endpoint: "https://10.0.0.9", addresses: ["10.0.0.0/8"] }, { target: "kubernetes" }),
        "backup.bucket.addresses",
        "has no meaning beside an endpoint that is an address",
    ),
    dev(
        "a copy on the machine of a cluster",
        { target: "kubernetes", ...bucket({}, { localDays: 7 }) },
        "backup.localDays",
        "has no meaning with target kubernetes",
    ),
    dev(
        "keys of a bucket that is not backed up to",
        { secrets: { BACKUP_ACCESS_KEY_ID: `${CANARY}-id` } },
        "secrets.BACKUP_ACCESS_KEY_ID",
        "is not a secret of debt-os",
    ),
    dev(
        "a short passphrase",
        { backup: { enabled: true }, secrets: { BACKUP_PASSWORD: CANARY } },
        "secrets.BACKUP_PASSWORD",
        "at least 40 characters",
    ),
];
