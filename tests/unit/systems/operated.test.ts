/** Systems whose Postgres CloudNativePG runs. */
import { describe, expect, test } from "vitest";

import { resolveSecrets } from "../../../components/settings/secrets";
import { CATALOG } from "../../../images/catalog";
import { STAND_INS } from "../../../images/local";
import { SYSTEMS, systemOf } from "../../../systems";
import { storeAddresses, type StoreChoices } from "../../../systems/external";
import { operatedInstances, type OperatorPostgres, withOperator } from "../../../systems/operated";
import { imageKeys, storeCompanions, SYSTEM_KEYS, type System, type SystemKey } from "../../../systems/types";

const OPERATOR: OperatorPostgres = {
    mode: "operator",
    apiServer: ["10.0.0.10/32"],
    operatorNamespace: "cnpg-system",
};

function operated(key: SystemKey, instances?: number): System {
    const stores: StoreChoices = { postgres: { ...OPERATOR, instances }, redis: { mode: "container" } };
    return systemOf(key, undefined, stores);
}

const withPostgres = SYSTEM_KEYS.filter((key) => SYSTEMS[key].stores.postgres);

describe("opshub with its Postgres run by the operator", () => {
    const own = SYSTEMS.opshub;
    const system = operated("opshub");
    const postgres = system.stores.postgres!;
    const template = (name: string) => {
        const shape = resolveSecrets(system).find((secret) => secret.name === name)!.shape;
        return shape.kind === "derived" ? shape.template : undefined;
    };

    test("is reached by the operator's names: through the pooler, straight, and where it may be a second behind", () => {
        expect(template("DATABASE_URL")).toBe(
            "postgresql://opshub:{password:postgres}@pgbouncer:6432/opshub?sslmode=require",
        );
        expect(template("DATABASE_DIRECT_URL")).toBe(
            "postgresql://opshub:{password:postgres}@postgres-rw:5432/opshub?sslmode=require",
        );
        expect(template("DATABASE_REPLICA_URL")).toBe(
            "postgresql://opshub:{password:postgres}@postgres-ro:5432/opshub?sslmode=require",
        );
        expect(storeAddresses("{host:postgres}", operated("debt-os").stores)).toBe("postgres-rw");
    });

    test("has a server for itself and one for each read replica of its document, or as many as the stack says", () => {
        const counts = (of: System) =>
            (["dev", "staging", "prod"] as const).map((each) => operatedInstances(of.stores.postgres!, each));
        expect(counts(system)).toEqual([1, 1, 2]);
        expect(counts(operated("opshub", 3))).toEqual([3, 3, 3]);
        expect(counts(own)).toEqual([0, 0, 0]);
    });

    test("has no volume, companion or password of a replica of the stack's own making", () => {
        const gone = (names: (of: System) => string[]) => names(own).filter((name) => !names(system).includes(name));
        expect(gone(({ volumes }) => volumes.map(({ name }) => name))).toEqual(["db-data-replica"]);
        expect(gone(({ secrets }) => secrets.map(({ name }) => name))).toEqual(["REPLICATION_PASSWORD"]);
        expect([...storeCompanions(system.stores).keys()]).toEqual(["pgbouncer"]);
        expect(postgres.readReplicas).toEqual({ default: 0 });
    });

    test("keeps what its document says of the server", () => {
        for (const key of ["settings", "settingsIn", "resources", "extensions", "tls", "volume", "shmMiB"] as const)
            expect(postgres[key]).toEqual(own.stores.postgres![key]);
    });
});

describe("the operator's image", () => {
    test.each(withPostgres)("of %s is of the same major version as the document's, and has no stand-in", (key) => {
        const { image } = operated(key).stores.postgres!;
        expect(imageKeys(operated(key))).toContain(image);
        const major = /:(?:pg)?(\d+)/.exec(CATALOG[SYSTEMS[key].stores.postgres!.image]!.registry)![1]!;
        expect(CATALOG[image]!.registry).toMatch(new RegExp(`:${major}-standard`));
        expect(STAND_INS).not.toContain(image);
    });

    test("in the place of one that it has none for is an error that names it", () => {
        const postgres = { ...SYSTEMS["debt-os"].stores.postgres!, image: "postgres-9" };
        expect(() => withOperator(SYSTEMS["debt-os"], postgres, OPERATOR)).toThrow('in the place of "postgres-9"');
    });
});

test("a system without Postgres is as it was", () => {
    expect(operated("opencode")).toEqual(SYSTEMS.opencode);
});
