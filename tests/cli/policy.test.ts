import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { gw, temporary } from "../unit/cli/fixtures";

const PRIVILEGED = `apiVersion: v1
kind: Pod
metadata:
  name: <it>
  namespace: shop
spec:
  containers:
    - name: app
      image: app:1
      securityContext:
        privileged: true
`;

/** A configuration in which the one rule about privileged containers is enforced. */
const ALONE = { all: "disabled", "gw-k8s-001-privileged": "mandatory" };

/** A directory with a file of one pod, and with a configuration beside it. */
function directory(text = PRIVILEGED, configuration: unknown = ALONE): { dir: string; args: string[] } {
    const dir = temporary();
    mkdirSync(join(dir, "deploy", "more"), { recursive: true });
    writeFileSync(join(dir, "deploy", "more", "pod.yaml"), text);
    writeFileSync(join(dir, "config.json"), JSON.stringify(configuration));
    return { dir, args: ["policy", "--path", "deploy", "--config", "config.json"] };
}

describe("gw policy", () => {
    test("names each violation with its file and line, and ends with 1 where a mandatory rule is violated", async () => {
        const { dir, args } = directory();
        const { code, stdout } = await gw(args, { cwd: dir });
        expect(code).toBe(1);
        expect(stdout).toContain("GW-K8S-001 Containers are not privileged (critical, mandatory)");
        expect(stdout).toContain(
            "deploy/more/pod.yaml:11 Pod/shop/<it>: spec.containers[0].securityContext.privileged",
        );
        expect(stdout).toContain("1 resource in 1 file, 1 rule: 1 mandatory violation, 0 advisory");
    });

    test("ends with 0 where only advice is not followed, and where nothing is wrong", async () => {
        const advice = directory(PRIVILEGED, { ...ALONE, "gw-k8s-001-privileged": "advisory" });
        const good = directory(PRIVILEGED.replace("privileged: true", "privileged: false"));
        for (const { dir, args } of [advice, good]) expect((await gw(args, { cwd: dir })).code).toBe(0);
    });

    test("ends with 2 for a path, a configuration or waivers that are not there or wrong, and says what is", async () => {
        const { dir, args } = directory(PRIVILEGED, {
            "gw-k8s-999-no": "advisory",
            "gw-k8s-029-resource-caps": { cpu: "4" },
        });
        const wrong = await gw(args, { cwd: dir });
        expect(wrong.code).toBe(2);
        expect(wrong.stderr).toContain("gw-k8s-999-no: there is no such policy");
        expect(wrong.stderr).toContain("gw-k8s-029-resource-caps.cpu: must be a number");
        const absent = await gw(["policy", "--path", "nowhere"], { cwd: dir });
        expect([absent.code, absent.stderr]).toEqual([2, expect.stringContaining("There is no nowhere.")]);
    });

    test("ends with 2 where there is nothing to judge, which a wrong directory would be taken for right by", async () => {
        const { dir, args } = directory("a: 1\n");
        const { code, stderr } = await gw(args, { cwd: dir });
        expect([code, stderr]).toEqual([2, expect.stringContaining("There is nothing to judge in deploy.")]);
    });

    test("ends with 1 where a file cannot be read, and judges the others", async () => {
        const { dir, args } = directory();
        writeFileSync(join(dir, "deploy", "broken.yaml"), "a: [\n");
        const { code, stdout } = await gw(args, { cwd: dir });
        expect(code).toBe(1);
        expect(stdout).toContain("cannot be read: deploy/broken.yaml:2");
        expect(stdout).toContain("GW-K8S-001");
    });

    test("leaves out what is waived, and reports a waiver that has expired", async () => {
        const { dir, args } = directory();
        const waiver = (expires: string) =>
            `- rule: GW-K8S-001\n  resource: Pod/shop/*\n  reason: It changes the node's own settings.\n  owner: platform\n  ticket: OPS-1\n  expires: ${expires}\n`;
        writeFileSync(join(dir, "waivers.yaml"), waiver("2999-12-31"));
        const waived = await gw([...args, "--waivers", "waivers.yaml", "--format", "json"], { cwd: dir });
        expect(waived.code).toBe(0);
        expect(JSON.parse(waived.stdout)).toMatchObject({
            violations: [],
            waived: [{ rule: "GW-K8S-001", owner: "platform", ticket: "OPS-1", expires: "2999-12-31" }],
        });
        writeFileSync(join(dir, "waivers.yaml"), waiver("2020-01-01"));
        writeFileSync(
            join(dir, "config.json"),
            JSON.stringify({ ...ALONE, "gw-wvr-002-waiver-in-force": "mandatory" }),
        );
        const expired = await gw([...args, "--waivers", "waivers.yaml"], { cwd: dir });
        expect(expired.code).toBe(1);
        expect(expired.stdout).toContain("waivers.yaml:1 Waiver/1: expires: expired on 2020-01-01");
        expect(expired.stdout).toContain("GW-K8S-001 Containers are not privileged");
    });

    test("writes JSON with all that a program asks for", async () => {
        const { dir, args } = directory();
        const { stdout } = await gw([...args, "--format", "json"], { cwd: dir });
        expect(JSON.parse(stdout)).toMatchObject({
            rules: [{ rule: "GW-K8S-001", severity: "critical" }],
            files: 1,
            resources: 1,
            violations: [
                {
                    rule: "GW-K8S-001",
                    title: "Containers are not privileged",
                    severity: "critical",
                    enforcement: "mandatory",
                    resource: "Pod/shop/<it>",
                    path: "spec.containers[0].securityContext.privileged",
                    message: "container app: must not be true",
                    frameworks: expect.arrayContaining([
                        { name: "Pod Security Standards", version: "v1.37", reference: "baseline/privileged" },
                    ]),
                    file: "deploy/more/pod.yaml",
                    line: 11,
                },
            ],
            notEvaluated: [],
            waived: [],
            unreadable: [],
        });
    });

    test("writes SARIF with what GitHub asks for: rules with help and score, a line, a fingerprint that survives moved lines", async () => {
        const fingerprints = [];
        for (const text of [PRIVILEGED, `# moved\n${PRIVILEGED}`]) {
            const { dir, args } = directory(text);
            await gw([...args, "--format", "sarif", "--out", "out.sarif"], { cwd: dir });
            const log = JSON.parse(readFileSync(join(dir, "out.sarif"), "utf8"));
            expect(log).toMatchObject({ version: "2.1.0", runs: [{ tool: { driver: { name: "Groundwork" } } }] });
            const [{ tool, results }] = log.runs;
            expect(tool.driver.rules[results[0].ruleIndex]).toMatchObject({
                id: "GW-K8S-001",
                shortDescription: { text: "Containers are not privileged" },
                help: { text: expect.stringContaining("Remove securityContext.privileged") },
                properties: { "security-severity": "9.5" },
            });
            expect(results[0]).toMatchObject({ ruleId: "GW-K8S-001", level: "error" });
            const { artifactLocation, region } = results[0].locations[0].physicalLocation;
            expect(artifactLocation).toEqual({ uri: "deploy/more/pod.yaml" });
            expect(region.startLine).toBe(text === PRIVILEGED ? 11 : 12);
            fingerprints.push(results[0].partialFingerprints.primaryLocationLineHash);
        }
        expect(fingerprints[0]).toMatch(/^[0-9a-f]{32}:1$/);
        expect(fingerprints[1]).toBe(fingerprints[0]);
    });

    test("takes names for text, whatever is in them: in JUnit's XML, in Markdown", async () => {
        const { dir, args } = directory();
        const xml = (await gw([...args, "--format", "junit"], { cwd: dir })).stdout;
        expect(xml).toContain('<testsuite name="GW-K8S-001 Containers are not privileged" tests="1" failures="1"');
        expect(xml).toContain("Pod/shop/&lt;it&gt; spec.containers[0].securityContext.privileged");
        const markdown = (await gw([...args, "--format", "markdown"], { cwd: dir })).stdout;
        expect(markdown).toContain("**1 mandatory violation, 0 advisory.**");
        expect(markdown).toContain("Pod/shop/&#60;it&#62;");
        for (const text of [xml, markdown]) expect(text).not.toContain("<it>");
    });
});
