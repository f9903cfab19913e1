"use strict";
// Runs in the checkout of a revision, on that revision's own sources: what its systems' data and its rules on configuration say, which no
// other revision knows. Values of secrets come as tokens that stand for what nobody opened, and leave as texts of the right shape.
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const { SYSTEMS, deployedSystem } = require(join(process.cwd(), "systems"));
const { loadStackConfig } = require(join(process.cwd(), "config", "load"));

const SECRETS = "groundwork:secrets";
/** Longer than any password that a system asks for. */
const TEXT_LENGTH = 256;
/** Each round, a secret that is found missing is given; one may be asked for only when another one is there. */
const ROUNDS = 10;

function* objectsIn(value) {
    if (typeof value !== "object" || value === null) return;
    yield value;
    for (const item of Object.values(value)) yield* objectsIn(item);
}

function shapeOf(system, name) {
    for (const found of objectsIn(system)) if (found.name === name && found.shape) return found.shape;
    return undefined;
}

function textFor(system, name, token) {
    const digest = createHash("sha512").update(token).digest();
    const shape = shapeOf(system, name);
    if (shape?.kind !== "base64") return digest.toString("hex").repeat(2).slice(0, TEXT_LENGTH);
    const bytes = Buffer.concat(Array(Math.ceil(shape.bytes / digest.length)).fill(digest));
    return bytes.subarray(0, shape.bytes).toString("base64");
}

/** What is no map the program itself says is none. */
function mapOf(text) {
    return text?.startsWith("{") ? JSON.parse(text) : {};
}

/**
 * The stack's secrets: those of its file by token, and those that are missing; and its configuration, unless the program will refuse it.
 */
function settle({ raw, secretKeys }) {
    const system = SYSTEMS[raw["groundwork:system"]];
    const secrets = Object.fromEntries(
        Object.entries(mapOf(raw[SECRETS])).map(([name, token]) => [name, textFor(system, name, token)]),
    );
    for (let round = 0; round < ROUNDS; round++) {
        const given = Object.keys(secrets).length > 0 ? { ...raw, [SECRETS]: JSON.stringify(secrets) } : raw;
        const { config, missing } = read(given, [...secretKeys, SECRETS]);
        const wanted = missing.filter((name) => !(name in secrets));
        if (wanted.length === 0) return { secrets, config };
        for (const name of wanted) secrets[name] = textFor(system, name, name);
    }
    return { secrets };
}

function read(raw, secretKeys) {
    try {
        return { config: loadStackConfig(raw, SYSTEMS, { secretKeys }), missing: [] };
    } catch (error) {
        if (error.name !== "ConfigError") throw error;
        const keys = error.problems.map(({ key }) => key).filter((key) => key.startsWith(`${SECRETS}.`));
        return { missing: keys.map((key) => key.slice(SECRETS.length + 1)) };
    }
}

/** Names of the volumes whose content is made anew. Revisions before there were backups have a system's data alone. */
function temporaryVolumes(raw, config) {
    const system = config && deployedSystem ? deployedSystem(config) : SYSTEMS[raw["groundwork:system"]];
    const named = [...objectsIn(system)].filter(({ name }) => typeof name === "string");
    return [...new Set(named.filter(({ stateful }) => stateful === false).map(({ name }) => name))];
}

const asked = JSON.parse(readFileSync(0, "utf8"));
const answers = asked.map((stack) => {
    const { secrets, config } = settle(stack);
    return { secrets, temporaryVolumes: temporaryVolumes(stack.raw, config) };
});
process.stdout.write(JSON.stringify(answers));
