import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { createEmbeddedEngine, type EngineEvent, PolicyError } from "../../packages/engine/src";
import { simulated } from "../fixtures/engine/simulated";
import { failure, PASSPHRASE, SALT, temporaryDir } from "../fixtures/engine/harness";

const FIXTURES = join(__dirname, "../fixtures/engine");

function engine(sizes: string, dir: string, provider: ReturnType<typeof simulated>, events: EngineEvent[]) {
    return createEmbeddedEngine({
        projectDir: join(FIXTURES, "program"),
        policyPacks: [join(FIXTURES, "policy-pack")],
        stateDir: dir,
        stack: "dev",
        config: {},
        passphrase: PASSPHRASE,
        encryptionSalt: SALT,
        providers: [provider],
        env: { PROGRAM: "sized", SIZES: sizes },
        onEvent: (event) => events.push(event),
    });
}

it("a mandatory violation stops the resource before anything is made for it, advice does not, and remediation is applied", async () => {
    const [dir, provider, events] = [temporaryDir(), simulated(), [] as EngineEvent[]];
    const good = engine("1", dir, provider, events);
    await good.up();
    expect(provider.world.all()).toMatchObject([{ owner: "thing-1", inputs: { kind: "usual" } }]);
    const advice = events.flatMap(({ policyEvent }) => policyEvent ?? []);
    expect(advice).toMatchObject([
        {
            policyName: "advice",
            enforcementLevel: "advisory",
            policyPackName: "fixture-policies",
            policyPackVersion: "0.0.1",
        },
    ]);

    const bad = await failure(engine("1,99", dir, provider, events).up());
    expect(bad).toBeInstanceOf(PolicyError);
    const { violations } = bad as PolicyError;
    expect(violations).toMatchObject([{ policy: "small-things", enforcement: "mandatory" }]);
    expect(violations[0]!.message.match(/Things are small\./g)).toHaveLength(1);
    expect(bad.message).toContain("thing-99 has the size 99; its token is [secret]");
    expect(provider.world.all().map(({ owner }) => owner)).toEqual(["thing-1"]);
    expect(JSON.stringify(events)).not.toContain("canary-policy-token");
});

it("a preview names every violation, also of the stack as a whole", async () => {
    const error = await failure(engine("1,2,3,4,50,60", temporaryDir(), simulated(), []).preview());
    expect((error as PolicyError).violations.map(({ policy }) => policy).sort()).toEqual([
        "not-too-many",
        "small-things",
        "small-things",
    ]);
});

it("a pack that does not start is an error that says why", async () => {
    const [provider, events] = [simulated(), [] as EngineEvent[]];
    const options = {
        stateDir: temporaryDir(),
        stack: "dev",
        config: {},
        passphrase: PASSPHRASE,
        encryptionSalt: SALT,
        providers: [provider],
    };
    const broken = createEmbeddedEngine({
        ...options,
        projectDir: join(FIXTURES, "program"),
        policyPacks: [join(FIXTURES, "program")],
        env: { PROGRAM: "throws" },
        onEvent: (event) => events.push(event),
    });
    expect((await failure(broken.up())).message).toContain("policy pack");
    expect(provider.world.all()).toEqual([]);
});

it("a pack that names a file which serves the protocol is started by that, without the SDK", async () => {
    const pack = temporaryDir();
    writeFileSync(join(pack, "package.json"), JSON.stringify({ groundwork: { analyzer: "analyzer.js" } }));
    const say = "console.error(`${require.main.filename} was asked by ${process.argv.length - 2} arguments`)";
    writeFileSync(join(pack, "analyzer.js"), `${say}; process.exit(3);`);
    const options = { projectDir: join(FIXTURES, "program"), policyPacks: [pack], stateDir: temporaryDir() };
    const secrets = { passphrase: PASSPHRASE, encryptionSalt: SALT };
    const env = { PROGRAM: "sized", SIZES: "1" };
    const started = createEmbeddedEngine({ ...options, ...secrets, env, stack: "dev", config: {} });
    const { message } = await failure(started.preview());
    expect(message).toContain("ended with exit code 3 before it answered");
    expect(message).toContain(`${join(pack, "analyzer.js")} was asked by 2 arguments`);
});
