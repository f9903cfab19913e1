import rule from "../../../../policies/kubernetes/secrets/secret-in-config-map";
import { object } from "../../support/kubernetes";
import { specify, UNKNOWN } from "../../support/spec";

const map = (data: Record<string, unknown>) => object("v1", "ConfigMap", { data });

specify(rule, {
    good: {
        settings: map({ "app.conf": "host = db\nport = 5432\n", PASSWORD_FILE: "/run/secrets/p" }),
        nothing: map({}),
    },
    bad: {
        "by its key": [map({ DB_PASSWORD: "hunter2" }), "data.DB_PASSWORD"],
        "in a file": [map({ "app.conf": "host = db\npassword = hunter2\n" }), 'data["app.conf"]'],
        "a private key": [map({ "tls.pem": "-----BEGIN RSA PRIVATE KEY-----\nx" }), 'data["tls.pem"]'],
    },
    edge: {
        "a value from elsewhere": [map({ "a.yaml": 'password: "${DB_PASSWORD}"\ntoken: $TOKEN\n' })],
        "in JSON": [map({ "a.json": '{\n  "apiKey": "abcdef",\n  "b": 1\n}' }), 'data["a.json"]'],
        "a number": [map({ a: 1 }), "data.a"],
    },
    unknown: { "a value": [map({ a: UNKNOWN }), "data.a"] },
});
