/** Values that look like secrets in the clear. A guess, made so that what it says is worth reading: names first, then what values give away. */

const NAME =
    /(?:^|[_.-])(?:pass|passwd|password|passphrase|pwd|secret|token|api_?key|access_?key|private_?key|signing_?key|encryption_?key|secret_?key|credentials?)$|(?:password|passwd|passphrase)$/;

const GIVEN_AWAY = [
    /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
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

/** `dbPassword`, `DB_PASSWORD`, `api-key`: a name that promises a secret. `TOKEN_TTL` and `PASSWORD_FILE` promise none. */
export function namesSecret(name: string): boolean {
    return NAME.test(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase());
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
