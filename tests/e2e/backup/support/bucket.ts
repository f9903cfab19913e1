/** A bucket on versitygw for the lab, with the two identities that a stack's bucket has: one that writes, and one that may remove. */
import type { BackupConfigInput } from "../../../../packages/backup/src/config";
import type { Lab } from "./lab";

export const BUCKET_SERVER = "s3";

/** Where the server keeps the bucket's objects, in its container. */
export const OBJECTS = "/data/objects/backups";

const ENDPOINT = `http://${BUCKET_SERVER}:7070`;
const ROOT = { access: "root", secret: "secret-of-the-root" };
const WRITER = { access: "writer", secret: "secret-of-the-writer" };
const PRUNER = { access: "pruner", secret: "secret-of-the-pruner" };

const accounts = {
    accessAccounts: Object.fromEntries([WRITER, PRUNER].map((one) => [one.access, { ...one, role: "user" }])),
};

/** What the identities of `BackupBucket` may do on AWS. */
const policy = {
    Version: "2012-10-17",
    Statement: [
        {
            Effect: "Allow",
            Principal: { AWS: [WRITER.access, PRUNER.access] },
            Action: ["s3:ListBucket", "s3:GetBucketLocation"],
            Resource: "arn:aws:s3:::backups",
        },
        {
            Effect: "Allow",
            Principal: { AWS: [WRITER.access, PRUNER.access] },
            Action: ["s3:GetObject", "s3:PutObject"],
            Resource: "arn:aws:s3:::backups/*",
        },
        {
            Effect: "Allow",
            Principal: { AWS: WRITER.access },
            Action: "s3:DeleteObject",
            Resource: "arn:aws:s3:::backups/*/locks/*",
        },
        {
            Effect: "Allow",
            Principal: { AWS: PRUNER.access },
            Action: "s3:DeleteObject",
            Resource: "arn:aws:s3:::backups/*",
        },
    ],
};

export async function startBucket(lab: Lab): Promise<BackupConfigInput["repository"]> {
    const gateway = "versitygw --port :7070 --health /health --iam-dir /data/iam --quiet posix --sidecar /data/meta";
    const script = `mkdir -p /data/iam /data/meta /data/objects && cat > /data/iam/users.json <<'END'
${JSON.stringify(accounts)}
END
exec ${gateway} /data/objects`;
    await lab.server(
        BUCKET_SERVER,
        "s3",
        [
            ...["-v", `${lab.volume("s3")}:/data`, "-e", `ROOT_ACCESS_KEY=${ROOT.access}`],
            ...["-e", `ROOT_SECRET_KEY=${ROOT.secret}`, "--entrypoint", "sh"],
        ],
        ["-ec", script],
    );
    await lab.ready(BUCKET_SERVER, ["wget", "-qO-", "http://127.0.0.1:7070/health"]);
    const curl = `curl --fail-with-body -sS --aws-sigv4 aws:amz:us-east-1:s3 --user ${ROOT.access}:${ROOT.secret}`;
    await lab.shell(`${curl} -X PUT ${ENDPOINT}/backups
${curl} -X PUT --data-binary '${JSON.stringify(policy)}' '${ENDPOINT}/backups?policy'`);
    return {
        kind: "s3",
        endpoint: ENDPOINT,
        bucket: "backups",
        prefix: "lab-dev",
        addressing: "path",
        credentialsFile: credentials(lab, "s3-write", WRITER),
        pruneCredentialsFile: credentials(lab, "s3-prune", PRUNER),
        passwordFile: lab.secret("repository-password", "a password of the repository"),
    };
}

/** An AWS credentials file; its path inside of a toolbox. */
export function credentials(lab: Lab, name: string, { access, secret }: typeof ROOT): string {
    return lab.secret(name, `[default]\naws_access_key_id = ${access}\naws_secret_access_key = ${secret}\n`);
}
