/** Decides what of a config may appear in a message, which ends up in terminals, CI logs and pull-request comments. */
import { SECRET_NAME } from "./formats";

/** Names whose values are not shown, wherever they stand. */
const CREDENTIAL_NAME =
    /pass(?:wd|word|phrase)?|pwd|secret|token|credential|cookie|session|dsn|auth|bearer|salt|private|(?:api|access|encryption|signing|license)[_-]?key|(?:^|[_-])key$|(?:_|^)ur[il]$/i;

/** Texts that are credentials whatever they are called: issuers' prefixes, PEM, JSON web tokens, a password in a URL. */
const CREDENTIAL_TEXT =
    /-----BEGIN|^(?:sk|pk|rk)[-_]|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|AKIA[0-9A-Z]{12}|^ey[JK][A-Za-z0-9_-]+\.|:\/\/[^/\s@]*:[^/\s]*@/;

function looksLikeCredential(text: string): boolean {
    return CREDENTIAL_TEXT.test(text) || looksRandom(text);
}

/** The schema's own keys that say how secrets arrive, and hold none. */
const ABOUT_SECRETS = ["secretDelivery", "externalSecrets"];

export function isCredentialName(name: string): boolean {
    return !ABOUT_SECRETS.includes(name) && CREDENTIAL_NAME.test(name);
}

/** A word of sixteen or more characters that mixes digits with both cases, or of 32 or more hexadecimal digits. */
function looksRandom(text: string): boolean {
    return text.split(/[^A-Za-z0-9+/=_-]+/).some((word) => {
        if (/^[0-9a-f]{32,}$/i.test(word)) return !text.includes(`sha256:${word}`);
        return word.length >= 16 && /[a-z]/.test(word) && /[A-Z]/.test(word) && /[0-9]/.test(word);
    });
}

/** Stands in for a name that may be a credential. */
export const HIDDEN_NAME = "<name not shown>";

/** A segment of a key path as it may be shown: a name that is itself a credential, swapped with its value by mistake, is not. */
export function shownName(segment: string, underSecrets: boolean): string {
    const hide = underSecrets ? !SECRET_NAME.test(segment) || segment.length > 64 : false;
    if (hide || looksLikeCredential(segment)) return HIDDEN_NAME;
    return escapeText(segment.length > 64 ? `${segment.slice(0, 64)}…` : segment);
}

/** A scalar as it may be shown, in JSON's spelling and cut to a line; for anything else its kind. */
export function shownValue(value: unknown): string | undefined {
    if (value === undefined) return undefined;
    if (value === null) return "null";
    if (Array.isArray(value)) return "a list";
    if (typeof value === "object") return "a map";
    const text = String(value);
    if (typeof value === "string" && looksLikeCredential(text)) return undefined;
    const cut = text.length > 80 ? `${text.slice(0, 80)}…` : text;
    return typeof value === "string" ? escapeText(JSON.stringify(cut)) : cut;
}

/** No control, direction or zero-width character of a config reaches a terminal. */
function escapeText(text: string): string {
    return text.replace(
        /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
        (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
    );
}
