/**
 * Values that look like secrets in the clear. A guess, made so that what it says is worth reading: names first, then what values give away.
 */

const NAME =
    /(?:^|[_.-])(?:pass|passwd|password|passphrase|pwd|secret|token|api_?key|access_?key|private_?key|signing_?key|encryption_?key|secret_?key|account_?key|storage_?key|batch_?key|key_content|credentials?)$|(?:password|passwd|passphrase)$/;

/** A word that promises one wherever it is: `SECRET_SHOP`, `password.shop`. */
const PROMISE = /(?:^|[_.-])(?:secret|password|passwd|passphrase)[_.-]/;

/** Unless the last word says that it is about one: `SECRET_NAME`, `PASSWORD_MIN_LENGTH`. */
const ABOUT = new Set([
    ...[
        "age",
        "algorithm",
        "arn",
        "attempts",
        "auth",
        "backend",
        "bucket",
        "change",
        "class",
        "cmd",
        "command",
        "count",
    ],
    ...["days", "dir", "directory", "disabled", "email", "enabled", "encoder", "endpoint", "engine", "expiration"],
    ...[
        "expires",
        "expiry",
        "field",
        "file",
        "files",
        "format",
        "header",
        "hint",
        "history",
        "host",
        "hours",
        "id",
        "interval",
    ],
    ...["kind", "label", "length", "limit", "location", "login", "manager", "max", "method", "min", "minutes", "mode"],
    ...[
        "mount",
        "name",
        "names",
        "namespace",
        "owner",
        "path",
        "paths",
        "pattern",
        "plugin",
        "policy",
        "port",
        "prefix",
    ],
    ...["project", "prompt", "provider", "ref", "reference", "regex", "region", "required", "reset", "retries", "role"],
    ...["rotation", "rules", "script", "seconds", "size", "source", "store", "suffix", "template", "timeout", "ttl"],
    ...["type", "uri", "url", "user", "username", "version"],
]);

const GIVEN_AWAY = [
    /-{3,}BEGIN (?:[A-Z]+ )*PRIVATE KEY-{3,}/,
    // Of an Authorization header, as far as it can be no word.
    /^\s*(?:bearer|basic)\s+(?=\S*\d)[\w.~+/=-]{8,}\s*$/i,
    /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/,
    /\bgh[pousr]_[A-Za-z0-9]{36}|\bgithub_pat_\w{22}/,
    /\bglpat-[\w-]{20}/,
    /\bxox[abprs]-[\w-]{10}/,
    /\bsk-(?:proj-|ant-)?[\w-]{20}/,
    /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]/,
];

/** `user:password@` of a URL. */
const IN_URL = /\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:([^\s@/]+)@/i;

/** Stands for a value that comes from elsewhere: `$(NAME)`, `${NAME}`, `{{ name }}`, `<name>`, a path, or a switch. */
const NO_VALUE = /^(?:\$\(.*\)|\$\{.*\}|\$\w+|\{\{.*\}\}|<.*>|\/[\w./-]*|true|false|yes|no|null|none)?$/i;

/** `dbPassword`, `SECRET_SHOP`, `api-key`: a name that promises a secret. `TOKEN_TTL` and `PASSWORD_FILE` promise none. */
export function namesSecret(name: string): boolean {
    const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
    return NAME.test(words) || (PROMISE.test(words) && !ABOUT.has(words.split(/[_.-]/).at(-1)!));
}

/** Whether a value is a secret whatever its name: a private key, a provider's token, a URL with a password in it. */
export function givesSecretAway(value: string): boolean {
    if (GIVEN_AWAY.some((pattern) => pattern.test(value))) return true;
    const password = IN_URL.exec(value)?.[1];
    return password !== undefined && !NO_VALUE.test(password);
}

/** Whether a named value is a secret in the clear. */
export function isSecretLiteral(name: string, value: string): boolean {
    return givesSecretAway(value) || (namesSecret(name) && !NO_VALUE.test(value.trim()));
}
