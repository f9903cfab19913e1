/** Broken configs of volumes and secrets. */
import { CANARY, PROD } from "../fixture";
import { type Broken, dev, KEY, prod, secrets, without } from "./case";

export const POSTGRES: Broken[] = [
    dev("two read replicas", { postgres: { readReplicas: 2 } }, "postgres.readReplicas", "must be 0 or 1"),
    dev(
        "a read replica that the document does not ask for",
        { postgres: { readReplicas: 1 } },
        "postgres.readReplicas",
        "must be 0: the document of debt-os asks for no read replica",
    ),
    dev(
        "a promotion where there is no replica",
        { postgres: { primaryVolume: "postgres-data" } },
        "postgres.primaryVolume",
        "has no meaning for debt-os",
    ),
    dev(
        "an unknown key of Postgres",
        { postgres: { primary: "postgres-data" } },
        "postgres.primary",
        "is not a known key",
        "Did you mean primaryVolume?",
    ),
];

export const VOLUMES: Broken[] = [
    dev(
        "an unknown volume",
        { volumes: { "postgres-dat": { sizeMiB: 100 } } },
        "volumes.postgres-dat",
        "is not a volume of debt-os",
        "Did you mean postgres-data?",
    ),
    dev("a volume of 63 MiB", { volumes: { files: { sizeMiB: 63 } } }, "volumes.files.sizeMiB", "from 64"),
    dev(
        "a volume in Kubernetes's spelling",
        { volumes: { files: { sizeMiB: "10Gi" } } },
        "volumes.files.sizeMiB",
        "a whole number of MiB",
        '"10Gi"',
    ),
    dev(
        "an unknown key of a volume",
        { volumes: { files: { size: 100 } } },
        "volumes.files.size",
        "is not a known key",
        "Did you mean sizeMiB?",
    ),
    dev("a number as a volume", { volumes: { files: 100 } }, "volumes.files", "must be a map of sizeMiB"),
    dev(
        "an unknown time zone",
        { backup: { timeZone: "Europe/Berln" } },
        "backup.timeZone",
        "must be a time zone",
        '"Europe/Berln"',
    ),
    dev("a time zone in small letters", { backup: { timeZone: "europe/berlin" } }, "backup.timeZone", "spelt as there"),
    dev("an offset as time zone", { backup: { timeZone: "+02:00" } }, "backup.timeZone", "must be a time zone"),
    dev("backups as a word", { backup: { enabled: "true" } }, "backup.enabled", "take the quotes off"),
    dev(
        "an unknown scenario",
        { objectives: { "service-crsh": {} } },
        "objectives.service-crsh",
        "is not a known key",
        "Did you mean service-crash?",
    ),
    dev(
        "an objective that is looser than the document's",
        { objectives: { "service-crash": { rtoSeconds: 301 } } },
        "objectives.service-crash.rtoSeconds",
        "must not be above 300",
    ),
    dev(
        "an objective that may lose more",
        { objectives: { "service-crash": { rpoSeconds: 1 } } },
        "objectives.service-crash.rpoSeconds",
        "must not be above 0",
    ),
    dev(
        "a negative objective",
        { objectives: { "service-crash": { rtoSeconds: -1 } } },
        "objectives.service-crash.rtoSeconds",
        "from 0",
    ),
    dev(
        "an unknown key of an objective",
        { objectives: { "service-crash": { rto: 1 } } },
        "objectives.service-crash.rto",
        "is not a known key",
        "Did you mean rtoSeconds?",
    ),
];

export const SECRETS: Broken[] = [
    dev("text as secrets", { secrets: CANARY }, "secrets", "must be a map"),
    dev("a list of secrets", { secrets: [CANARY] }, "secrets", "must be a map from a secret's name"),
    dev(
        "an unknown secret",
        secrets({ API_KEYS: CANARY }),
        "secrets.API_KEYS",
        "is not a secret of debt-os",
        "Did you mean API_KEY?",
    ),
    dev(
        "a secret's name in small letters",
        secrets({ apikey: CANARY }),
        "secrets.<name not shown>",
        "the name is not valid",
    ),
    dev(
        "name and value swapped",
        secrets({ [`sk-${CANARY}`]: "API_KEY" }),
        "secrets.<name not shown>",
        "the name is not valid",
    ),
    dev("a number as a secret", secrets({ API_KEY: 12345 }), "secrets.API_KEY", "written in quotes"),
    dev("an empty secret", secrets({ API_KEY: "" }), "secrets.API_KEY", "text of 1 to 65536 characters"),
    dev("a map as a secret", secrets({ API_KEY: { secure: CANARY } }), "secrets.API_KEY", "must be text"),
    dev("a secret with a line break at its end", secrets({ API_KEY: `${CANARY}\n` }), "secrets.API_KEY", "white space"),
    dev(
        "a secret with a control character",
        secrets({ API_KEY: `${CANARY}\u0007x` }),
        "secrets.API_KEY",
        "control characters",
    ),
    dev("the document's example", secrets({ API_KEY: "sk-..." }), "secrets.API_KEY", "is the document's example"),
    dev(
        "a placeholder in brackets",
        secrets({ CHAT_TOKEN: "<your-token>" }),
        "secrets.CHAT_TOKEN",
        "is the document's example",
    ),
    dev(
        "a key of 31 bytes",
        secrets({ SIGNING_KEY: Buffer.alloc(31, 7).toString("base64") }),
        "secrets.SIGNING_KEY",
        "exactly 32 bytes",
        "openssl rand -base64 32",
    ),
    dev(
        "a key of 33 bytes",
        secrets({ SIGNING_KEY: Buffer.alloc(33, 7).toString("base64") }),
        "secrets.SIGNING_KEY",
        "exactly 32 bytes",
    ),
    dev(
        "a key in hexadecimal",
        secrets({ SIGNING_KEY: Buffer.alloc(32, 7).toString("hex") }),
        "secrets.SIGNING_KEY",
        "standard base64",
    ),
    dev(
        "a key in URL-safe base64",
        secrets({ SIGNING_KEY: Buffer.alloc(32, 255).toString("base64url") }),
        "secrets.SIGNING_KEY",
        "standard base64",
    ),
    dev(
        "a key without padding",
        secrets({ SIGNING_KEY: KEY.replace(/=+$/, "") }),
        "secrets.SIGNING_KEY",
        "standard base64",
    ),
    dev(
        "a password that is too short",
        secrets({ JWT_SECRET: "a".repeat(63) }),
        "secrets.JWT_SECRET",
        "at least 64 characters",
    ),
    dev(
        "a password with other characters",
        secrets({ JWT_SECRET: `${"a".repeat(63)}!` }),
        "secrets.JWT_SECRET",
        "A-Z, a-z and 0-9",
    ),
    prod(
        "a secret that nobody else has",
        { secrets: { API_KEY: CANARY } },
        "secrets.CHAT_TOKEN",
        "is required in prod: nobody but you has it",
    ),
    prod(
        "neither of two secrets",
        { secrets: { CHAT_TOKEN: CANARY } },
        "secrets.API_KEY",
        "is required in prod, or OTHER_KEY instead",
    ),
    {
        ...prod("no secrets in staging", {}, "secrets.API_KEY", "is required in staging"),
        values: { ...without(PROD, "secrets"), environment: "staging" },
    },
];
