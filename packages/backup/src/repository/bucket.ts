/** Whether a bucket can be listed with the credentials that there are. */
import type { RepositoryConfig } from "../config";
import { EXIT } from "../errors";
import { run } from "../process";
import { secretOf } from "../secret";
import { repositoryError } from "./failure";

const SECONDS = 20;

type BucketConfig = Extract<RepositoryConfig, { kind: "s3" }>;

/**
 * Asks for one name, signed; without credentials of our own (a role's) only whether anybody answers.
 *
 * @throws BackupError with S3's own code for the refusal, which restic does not show
 */
export async function expectBucket(config: BucketConfig, credentialsFile: string | undefined): Promise<void> {
    const { endpoint, bucket, region, addressing, caFile } = config;
    const { protocol, host } = new URL(endpoint);
    const base = addressing === "path" ? `${endpoint}/${bucket}` : `${protocol}//${bucket}.${host}/`;
    const failure = { exit: EXIT.repository, remedy: "" };
    const { code, stdout, stderr } = await run(
        "curl",
        [
            ...["--config", "-", "--silent", "--show-error", "--max-time", String(SECONDS)],
            ...["--write-out", "\n%{http_code}", ...(caFile ? ["--cacert", caFile] : [])],
            `${base}?list-type=2&max-keys=1`,
        ],
        failure,
        { input: credentialsFile ? signing(secretOf(credentialsFile), region) : "", accept: CURL_FAILURES },
    );
    if (code !== 0) throw repositoryError(`reaching ${endpoint}`, `the server cannot be reached: ${stderr.trim()}`);
    const status = stdout.slice(stdout.lastIndexOf("\n") + 1);
    if (status === "200" || !credentialsFile) return;
    const [, reason] = /<Code>([^<]*)<\/Code>/.exec(stdout) ?? [];
    const [, message] = /<Message>([^<]*)<\/Message>/.exec(stdout) ?? [];
    throw repositoryError(`listing the bucket ${bucket}`, `${reason ?? `HTTP ${status}`}: ${message ?? ""}`);
}

/** Any of curl's own: the name is unknown, nobody listens, the certificate is not trusted … */
const CURL_FAILURES = Array.from({ length: 99 }, (_, index) => index + 1);

/** On standard input, where no list of processes shows it. */
function signing(credentials: string, region: string): string {
    const value = (key: string) => new RegExp(`^\\s*${key}\\s*=\\s*(\\S+)`, "m").exec(credentials)?.[1];
    const token = value("aws_session_token");
    return [
        `aws-sigv4 = "aws:amz:${region}:s3"`,
        `user = "${value("aws_access_key_id") ?? ""}:${value("aws_secret_access_key") ?? ""}"`,
        ...(token ? [`header = "x-amz-security-token: ${token}"`] : []),
        "",
    ].join("\n");
}
