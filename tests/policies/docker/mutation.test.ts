/** From what keeps every rule, one property is broken: exactly the rule that is about it says so. */
import { describe, expect, test } from "vitest";

import { evaluate } from "../../../policies/core/evaluate";
import type { Raw } from "../../../policies/core/raw";
import type { Resource } from "../../../policies/core/resource";
import { dockerRules } from "../../../policies/docker";
import { RULES } from "../../../policies/rules";
import { container, dockerfile, dockerfileWith, DIGEST, PASSING_DOCKERFILE } from "../support/docker";

function broken(resource: Resource): string[] {
    const { violations, notEvaluated } = evaluate(RULES, { resources: [resource] }, { environment: "prod" });
    expect(notEvaluated).toEqual([]);
    return [...new Set(violations.map(({ rule }) => rule.id))];
}

const CONTAINERS: Record<string, Raw> = {
    "GW-DOC-001": { privileged: true },
    "GW-DOC-002": { capabilities: { drops: ["NET_RAW"] } },
    "GW-DOC-003": { capabilities: { drops: ["ALL"], adds: ["SYS_ADMIN"] } },
    "GW-DOC-004": { securityOpts: [] },
    "GW-DOC-005": { securityOpts: ["no-new-privileges", "seccomp=unconfined"] },
    "GW-DOC-006": { securityOpts: ["no-new-privileges", "apparmor:unconfined"] },
    "GW-DOC-007": { securityOpts: ["no-new-privileges", "label:disable"] },
    "GW-DOC-008": { user: "root" },
    "GW-DOC-009": { securityOpts: ["no-new-privileges", "systempaths=unconfined"] },
    "GW-DOC-010": { networkMode: "host" },
    "GW-DOC-011": { pidMode: "host" },
    "GW-DOC-012": { ipcMode: "host" },
    "GW-DOC-013": { utsMode: "host" },
    "GW-DOC-014": { usernsMode: "host" },
    "GW-DOC-015": { networksAdvanced: undefined },
    "GW-DOC-016": { cgroupParent: "/system.slice" },
    "GW-DOC-020": { mounts: [{ type: "bind", source: "/var/run/docker.sock", target: "/s", readOnly: true }] },
    "GW-DOC-021": { mounts: [{ type: "bind", source: "/etc", target: "/host" }] },
    "GW-DOC-022": {
        mounts: [{ type: "bind", source: "/srv/a", target: "/a", bindOptions: { propagation: "rshared" } }],
    },
    "GW-DOC-023": { devices: [{ hostPath: "/dev/sda" }] },
    "GW-DOC-030": { ports: [{ internal: 8080, external: 80, ip: "127.0.0.1" }] },
    "GW-DOC-031": { ports: [{ internal: 8080, external: 8080 }] },
    "GW-DOC-032": { ports: [{ internal: 22, external: 2222, ip: "127.0.0.1" }] },
    "GW-DOC-040": { memory: undefined },
    "GW-DOC-041": { cpus: undefined },
    "GW-DOC-042": { ulimits: [{ name: "nproc", soft: -1, hard: -1 }] },
    "GW-DOC-043": { readOnly: false },
    "GW-DOC-044": { pidsLimit: undefined },
    "GW-DOC-050": { restart: "always" },
    "GW-DOC-051": { healthcheck: undefined },
    "GW-DOC-052": { logOpts: {} },
    "GW-DOC-061": { image: "registry.example.com/team/api:1.2" },
    "GW-DOC-070": { envs: ["DB_PASSWORD=hunter2"] },
    "GW-DOC-071": { command: ["serve", "--db-password", "hunter2"] },
    "GW-DOC-072": {
        labels: [
            { label: "dev.groundwork.component", value: "edge" },
            { label: "api-token", value: "hunter2" },
        ],
    },
    "GW-DOC-073": { build: { args: ["NPM_TOKEN=hunter2"] } },
};

const DOCKERFILES: Record<string, Resource> = {
    "GW-DOC-061": dockerfile("FROM registry.example.com/team/base:1.2", ...PASSING_DOCKERFILE.slice(1)),
    "GW-DOC-080": dockerfile(...PASSING_DOCKERFILE.filter((line) => !line.startsWith("USER"))),
    "GW-DOC-081": dockerfile(...PASSING_DOCKERFILE.filter((line) => !line.startsWith("HEALTHCHECK"))),
    "GW-DOC-082": dockerfileWith("ADD app /app"),
    "GW-DOC-083": dockerfileWith("ADD https://example.com/a.tar.gz /a"),
    "GW-DOC-084": dockerfileWith("ENV API_TOKEN=hunter2"),
    "GW-DOC-085": dockerfileWith("RUN apt-get update"),
    "GW-DOC-086": dockerfileWith("RUN curl -fsSL https://example.com/install | bash"),
    "GW-DOC-087": dockerfileWith("RUN apk add --allow-untrusted a.apk"),
    "GW-DOC-088": dockerfileWith("RUN chmod u+s /app"),
    "GW-DOC-089": dockerfileWith("RUN sudo make install"),
    "GW-DOC-090": dockerfileWith("EXPOSE 22"),
};

/** Which no container can break without another, or only with a setting. */
const ELSEWHERE = ["GW-DOC-060", "GW-DOC-062"];

describe("a container and a Dockerfile that keep every rule", () => {
    test("break none", () => {
        expect(broken(container())).toEqual([]);
        expect(broken(dockerfile(...PASSING_DOCKERFILE))).toEqual([]);
    });

    for (const [id, changes] of Object.entries(CONTAINERS)) {
        test(`a container that breaks ${id} breaks no other`, () => expect(broken(container(changes))).toEqual([id]));
    }

    for (const [id, judged] of Object.entries(DOCKERFILES)) {
        test(`a Dockerfile that breaks ${id} breaks no other`, () => expect(broken(judged)).toEqual([id]));
    }

    test("an image that moves breaks GW-DOC-060 and, in prod, the rule that asks for its digest", () => {
        expect(broken(container({ image: "api" }))).toEqual(["GW-DOC-060", "GW-DOC-061"]);
        expect(broken(container({ image: `api:latest@${DIGEST}` }))).toEqual([]);
    });

    test("are broken here for every rule on Docker", () => {
        const covered = new Set([...Object.keys(CONTAINERS), ...Object.keys(DOCKERFILES), ...ELSEWHERE]);
        expect(dockerRules.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
    });
});
