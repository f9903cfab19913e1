import rule from "../../../../policies/kubernetes/secrets/secret-in-env";
import { container, pod } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        nothing: pod(),
        "a reference": container({
            env: [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "a", key: "b" } } }],
        }),
        "a file": container({ env: [{ name: "DB_PASSWORD_FILE", value: "/run/secrets/db" }] }),
        "what is no secret": container({
            env: [
                { name: "TOKEN_TTL", value: "3600" },
                { name: "MAX_TOKENS", value: "4096" },
            ],
        }),
    },
    bad: {
        "by its name": [
            container({ env: [{ name: "DB_PASSWORD", value: "hunter2" }] }),
            "spec.containers[0].env[0].value",
        ],
        "by what it is": [
            container({
                env: [
                    { name: "A", value: "x" },
                    { name: "DSN", value: "postgres://app:hunter2@db/app" },
                ],
            }),
            "spec.containers[0].env[1].value",
        ],
        "a header's": [
            container({ env: [{ name: "HEADER", value: "bearer abc123def" }] }),
            "spec.containers[0].env[0].value",
        ],
        "keys of clouds": [
            container({
                env: [
                    { name: "AZURE_BATCH_KEY", value: "x1" },
                    { name: "OCI_CLI_KEY_CONTENT", value: "x1" },
                ],
            }),
            "spec.containers[0].env[0].value",
            "spec.containers[0].env[1].value",
        ],
        "a private key, roughly": [
            container({ env: [{ name: "A", value: "---BEGIN OPENSSH PRIVATE KEY---\nx" }] }),
            "spec.containers[0].env[0].value",
        ],
        "an access key": [
            container({ env: [{ name: "ID", value: "AKIAIOSFODNN7EXAMPLE" }] }),
            "spec.containers[0].env[0].value",
        ],
    },
    edge: {
        "a promise before the rest of a name": [
            container({
                env: [
                    { name: "SECRET_SHOP", value: "hunter2" },
                    { name: "passwordShop", value: "hunter2" },
                ],
            }),
            "spec.containers[0].env[0].value",
            "spec.containers[0].env[1].value",
        ],
        "a name that is about a secret": [
            container({
                env: [
                    { name: "SECRET_NAME", value: "tls" },
                    { name: "PASSWORD_MIN_LENGTH", value: "12" },
                    { name: "SECRETS_DIR", value: "secrets" },
                ],
            }),
        ],
        "another variable's value": [
            container({
                env: [
                    { name: "API_KEY", value: "$(KEY)" },
                    { name: "DSN", value: "postgres://app:$(PW)@db" },
                ],
            }),
        ],
        "words after a word": [container({ env: [{ name: "A", value: "Bearer authentication" }] })],
        "an empty one": [container({ env: [{ name: "API_KEY", value: "" }] })],
        "a number is no text": [
            container({ env: [{ name: "PASSWORD", value: 123 }] }),
            "spec.containers[0].env[0].value",
        ],
        "written in one word": [
            container({
                env: [
                    { name: "PGPASSWORD", value: "a" },
                    { name: "clientSecret", value: "b" },
                ],
            }),
            "spec.containers[0].env[0].value",
            "spec.containers[0].env[1].value",
        ],
    },
    unknown: {
        "one, the other is certain": {
            judged: container({
                env: [
                    { name: "A", value: UNKNOWN },
                    { name: "PASSWORD", value: "x" },
                ],
            }),
            unknown: ["spec.containers[0].env[0].value"],
            wrong: ["spec.containers[0].env[1].value"],
        },
    },
});
