/** TLS of Postgres: where its certificate comes from, and whom it lets in without. */
import type { FileSpec } from "../spec";

/** Beside the data directory, on its volume: a restart, or another container on the volume, finds it again. */
export const CERTIFICATE = "/var/lib/postgresql/data/tls/server.pem";

const ACCESS = "/etc/groundwork/pg_hba.conf";

/** The names that clients know the servers by: volumes go from one to another, and nobody verifies. */
const NAMES = "DNS:postgres,DNS:postgres-replica,DNS:pgbouncer,DNS:localhost,IP:127.0.0.1";

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

/**
 * Who may connect, as a file of the container: the rules in a data directory that was made before are not asked. The
 * image's and initdb's own rules, but with `tls` from the network with TLS alone, and with `replication` for that role
 * too, which may do nothing else.
 */
export function accessFile({ tls, replication }: { tls: boolean; replication?: string }): FileSpec {
    const host = tls ? "hostssl" : "host";
    const rules = [
        ["local", "all", "all", "", SCRAM],
        ["local", "replication", "all", "", SCRAM],
        // From inside of the container: its health check.
        ["host", "all", "all", "127.0.0.1/32", SCRAM],
        ["host", "all", "all", "::1/128", SCRAM],
        ["host", "replication", "all", "127.0.0.1/32", SCRAM],
        ["host", "replication", "all", "::1/128", SCRAM],
        ...(replication
            ? [
                  [host, "replication", replication, "all", SCRAM],
                  [host, "all", replication, "all", "reject"],
              ]
            : []),
        // The word does not stand for replication, which nobody else has from the network.
        [host, "all", "all", "all", SCRAM],
    ];
    const widths = [8, 12, 12, 13, 0];
    const lines = [["# TYPE", "DATABASE", "USER", "ADDRESS", "METHOD"], ...rules].map((rule) =>
        rule.map((word, column) => word.padEnd(widths[column]!)).join(" "),
    );
    return { path: ACCESS, content: `${lines.join("\n")}\n`, secret: false };
}

const SCRAM = "scram-sha-256";

/** `postgresql.conf` settings of a server that requires TLS. */
export const TLS_SETTINGS: Record<string, string> = {
    ssl: "on",
    ssl_cert_file: CERTIFICATE,
    ssl_key_file: CERTIFICATE,
};

/** `postgresql.conf` setting of a server with `accessFile`. */
export const ACCESS_SETTINGS: Record<string, string> = { hba_file: ACCESS };

/** Words that make the certificate `file` and become what follows them. */
export function seeToCertificate(file: string): string[] {
    return ["/bin/sh", "-ec", SEE_TO_CERTIFICATE, "sh", file];
}
