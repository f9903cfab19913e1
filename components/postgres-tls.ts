/** TLS of Postgres: where its certificate comes from, and whom it lets in without. */
import type { FileSpec, WorkloadSpec } from "./spec";

/** Beside the data directory, on its volume: a restart, or another container on the volume, finds it again. */
export const CERTIFICATE = "/var/lib/postgresql/data/tls/server.pem";

const ACCESS = "/etc/groundwork/pg_hba.conf";

/** The names that clients know the server by. */
const NAMES = "DNS:postgres,DNS:localhost,IP:127.0.0.1";

/**
 * Sees to the certificate `$1`, then becomes the rest of its arguments. Key and certificate are one file, moved into place whole: a start
 * that is killed leaves both or neither. One that ends within 30 days, or that nothing can read, is made anew; every other one is kept.
 */
export const SEE_TO_CERTIFICATE = `
file=$1
shift
command -v openssl >/dev/null || {
    echo "TLS is required of this Postgres, and its image has no openssl to make a certificate with: use one that is built on Debian." >&2
    exit 1
}
if ! openssl pkey -in "$file" -noout 2>/dev/null || ! openssl x509 -in "$file" -noout -checkend 2592000 >/dev/null 2>&1; then
    umask 077
    mkdir -p "$(dirname "$file")"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \\
        -subj /CN=postgres -addext subjectAltName=${NAMES} -keyout "$file.key" -out "$file.crt"
    cat "$file.key" "$file.crt" >"$file.new"
    rm "$file.key" "$file.crt"
    mv "$file.new" "$file"
fi
chmod 0600 "$file"
exec "$@"
`.trim();

/** The image's and initdb's own rules, but from the network with TLS alone. */
const RULES = `# TYPE    DATABASE     USER  ADDRESS       METHOD
local     all          all                 scram-sha-256
local     replication  all                 scram-sha-256
# From inside of the container: its health check.
host      all          all   127.0.0.1/32  scram-sha-256
host      all          all   ::1/128       scram-sha-256
host      replication  all   127.0.0.1/32  scram-sha-256
host      replication  all   ::1/128       scram-sha-256
hostssl   all          all   all           scram-sha-256
`;

/** `postgresql.conf` settings of a server that requires TLS. */
export const TLS_SETTINGS: Record<string, string> = {
    hba_file: ACCESS,
    ssl: "on",
    ssl_cert_file: CERTIFICATE,
    ssl_key_file: CERTIFICATE,
};

/** The rules as a file of the container: those in a data directory that was made before are not asked. */
export const ACCESS_FILE: FileSpec = { path: ACCESS, content: RULES, secret: false };

/** What starts the image's own entry point once the certificate is there. */
export function behindCertificate(args: string[]): Required<Pick<WorkloadSpec, "command" | "args">> {
    return {
        command: ["/bin/sh", "-ec", SEE_TO_CERTIFICATE, "sh", CERTIFICATE],
        args: ["docker-entrypoint.sh", ...args],
    };
}
