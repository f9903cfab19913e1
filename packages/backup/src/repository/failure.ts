/** What restic's failures mean, and what to do about them. */
import { BackupError, EXIT } from "../errors";

interface Known {
    pattern: RegExp;
    message: string;
    remedy: string;
    verification?: boolean;
}

const KNOWN: Known[] = [
    {
        pattern: /no data read/,
        message: "what should have written it wrote nothing",
        remedy: "Look at the store's log; this backup does not count, and the ones before it are kept.",
        verification: true,
    },
    {
        pattern: /wrong password or no key found/,
        message: "the repository does not open with this password",
        remedy: "Give the password that the first backup was made with (repository.passwordFile); nothing can be read without it.",
    },
    {
        pattern: /RequestTimeTooSkewed|RequestExpired/i,
        message: "the bucket's server refuses the request, because this machine's clock is wrong",
        remedy: "Set the clock (chrony, systemd-timesyncd) of the machine that this container runs on, then run again.",
    },
    {
        pattern:
            /ExpiredToken|TokenRefreshRequired|InvalidToken|InvalidAccessKeyId|SignatureDoesNotMatch|AccessDenied|Access Denied|403 Forbidden/i,
        message: "the bucket's server refuses the credentials",
        remedy: "Renew repository.credentialsFile (expired, revoked or without the rights that the README lists), then run again.",
    },
    {
        pattern: /AuthorizationHeaderMalformed|PermanentRedirect|IllegalLocationConstraint/i,
        message: "the bucket is in another region, or at another endpoint",
        remedy: "Name the bucket's own repository.region and repository.endpoint.",
    },
    {
        pattern: /no space left on device|ENOSPC|disk quota exceeded|StorageFull|XMinioStorageFull|QuotaExceeded/i,
        message: "there is no space left to write to",
        remedy: "Free space in the repository, or in stateDirectory and /tmp of this container; what was there before is untouched.",
    },
    {
        pattern: /repository does not exist/,
        message: "there is no repository yet, or it is elsewhere",
        remedy: "The first `backup run` makes it; after that it is where repository in the configuration says.",
    },
    {
        pattern: /permission denied/i,
        message: "this container's user may not do that",
        remedy: "Give the folder or volume that is named above to the user that the toolbox runs as (README).",
    },
    {
        pattern: /repository is already locked|unable to create lock/,
        message: "another process holds the repository",
        remedy: "Wait for it. A lock of a dead process is removed by itself half an hour after its last sign of life.",
    },
    {
        pattern:
            /ciphertext verification failed|invalid data returned|does not match (id|hash)|hash mismatch|pack .* contains .* errors|unexpected EOF|load.*blob.*returned error|not found in (any )?index|broken pack|damaged|id .* not found|failed to load (blob|pack|index|tree)|file does not exist/i,
        message: "the repository is damaged: what is in it is not what was written",
        remedy: "Restore from the local copy or an older backup (`backup list`), then `restic repair packs` and a new full backup.",
        verification: true,
    },
    {
        pattern:
            /server cannot be reached|connection refused|no such host|i\/o timeout|network is unreachable|no route to host|connection reset|TLS handshake|bucket does not exist|NoSuchBucket|server misbehaving|EOF$|context deadline exceeded|503 Service/i,
        message: "the bucket cannot be reached",
        remedy: "Look whether the endpoint answers from this container and the bucket exists (repository.endpoint, repository.bucket); the run is made up for.",
    },
];

export function repositoryError(action: string, output: string): BackupError {
    const known = KNOWN.find(({ pattern }) => pattern.test(output));
    const lines = output.trim().split("\n").slice(-6).join("\n    ");
    return new BackupError(`${action} failed${known ? `: ${known.message}` : ""}\n    ${lines}`, {
        exit: known?.verification ? EXIT.verification : EXIT.repository,
        remedy: known?.remedy ?? "Read what restic says above; the repository is as it was before.",
    });
}
