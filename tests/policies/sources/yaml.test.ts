import { describe, expect, test } from "vitest";

import { fromYaml } from "../../../policies/sources/yaml";

function names(text: string): string[] {
    return fromYaml(text, "a.yaml").resources.map(({ type, name }) => `${type} ${name}`);
}

describe("Kubernetes objects in YAML", () => {
    test("are found in several documents, in lists, and in JSON", () => {
        const text = [
            "apiVersion: v1\nkind: Service\nmetadata: { name: a, namespace: shop }",
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: apps/v1\n  kind: Deployment\n  metadata: { name: b }",
            "apiVersion: v1\nkind: PodList\nitems:\n- metadata: { name: c }",
            '{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "d"}}',
        ].join("\n---\n");
        expect(names(text)).toEqual([
            "kubernetes:core/v1:Service Service/shop/a",
            "kubernetes:apps/v1:Deployment Deployment/b",
            "kubernetes:core/v1:Pod Pod/c",
            "kubernetes:batch/v1:Job Job/d",
        ]);
    });

    test("that are no objects are passed over: values, Compose files, empty documents", () => {
        expect(names("---\n---\n# nothing\n---\nservices: { a: { image: b } }\n---\n- 1\n---\ntext")).toEqual([]);
    });

    test("are read as kubectl reads them: yes is true, dates and times are text, the last of two keys counts", () => {
        const text = "apiVersion: v1\nkind: X\na: yes\nb: 'yes'\nc: 2026-01-01\nd: 12:30:45\ne: 1\ne: 2\nf: 0644";
        const [found] = fromYaml(text, "a.yaml").resources;
        expect(found!.props).toMatchObject({ a: true, b: "yes", c: "2026-01-01", d: "12:30:45", e: 2, f: 420 });
    });

    test("have what their anchors and merge keys give them", () => {
        const text = "apiVersion: v1\nkind: X\nbase: &base { a: 1 }\nof: { <<: *base, b: 2 }\nsame: *base";
        const [found] = fromYaml(text, "a.yaml").resources;
        expect(found!.props).toMatchObject({ of: { a: 1, b: 2 }, same: { a: 1 } });
    });

    test("know the line of each property, or of what it would be in", () => {
        const text =
            "# x\napiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n  spec:\n    containers:\n    - name: a\n      env: []\n    - name: b\n";
        const [found] = fromYaml(text, "a.yaml").resources;
        const line = (path: string) => found!.locate!(path)?.line;
        expect(line("spec.containers[1].name")).toBe(11);
        expect(line("spec.containers[0].env")).toBe(10);
        expect(line("spec.containers[0].securityContext.privileged")).toBe(9);
        expect(line("")).toBe(5);
        expect(line('metadata.labels["a.b/c"]')).toBe(5);
    });

    test("know the line of what an anchor gave them", () => {
        const text = "apiVersion: v1\nkind: X\nbase: &base\n  a: 1\nof: *base\n";
        expect(fromYaml(text, "a.yaml").resources[0]!.locate!("of.a")?.line).toBe(4);
    });

    test("that cannot be read are named with their line, and do not hide those around them", () => {
        const found = fromYaml(
            "apiVersion: v1\nkind: A\n---\na: {{ .Values.b }}\nb: [\n---\napiVersion: v1\nkind: B",
            "a.yaml",
        );
        expect(found.resources.map(({ type }) => type)).toContain("kubernetes:core/v1:A");
        expect(found.unreadable).toMatchObject([{ file: "a.yaml", line: 4 }]);
    });

    test("that are templates say so", () => {
        for (const text of ["a: {{ .Values.b }}", "{{- if .Values.b }}\na: 1\n{{- end }}", "a: [{{ x }}]"])
            expect(fromYaml(text, "a.yaml").unreadable).toMatchObject([
                { line: 1, message: expect.stringMatching(/template/) as string },
            ]);
        const quoted = "apiVersion: v1\nkind: A\na: 'is {{ $value }}'\nb: {? c : 1}";
        expect(fromYaml(quoted, "a.yaml").unreadable).toEqual([]);
    });

    test("that would blow up are unreadable", () => {
        const bomb = [
            "a: &a [1,1,1,1,1,1,1,1,1]",
            ..."bcdefgh".split("").map((c, n) => `${c}: &${c} [${Array(9).fill(`*${"abcdefg"[n]}`).join(",")}]`),
        ];
        expect(fromYaml(bomb.join("\n"), "a.yaml").unreadable).toHaveLength(1);
    });

    test("that hold themselves are unreadable, and do not hide those around them", () => {
        const text = "apiVersion: v1\nkind: A\n---\napiVersion: v1\nkind: B\nmetadata: &m\n  self: [*m]";
        const found = fromYaml(text, "a.yaml");
        expect(found.resources.map(({ type }) => type)).toEqual(["kubernetes:core/v1:A"]);
        expect(found.unreadable).toEqual([{ file: "a.yaml", line: 7, message: "it holds itself, by an alias" }]);
        const twice = "apiVersion: v1\nkind: A\nx: &x { y: [] }\nz: [*x, *x, { x: *x }]";
        expect(fromYaml(twice, "a.yaml").unreadable).toEqual([]);
    });
});

describe("the lines of a file", () => {
    const lineOf = (text: string, path: string) => fromYaml(text, "a.yaml").resources[0]!.locate!(path)?.line;

    test("are counted from its beginning, whatever its documents are parted by", () => {
        const text = "%YAML 1.1\n---\nx: 1\n...\n# note\n---\n# note\napiVersion: v1\nkind: A\nspec: { a: 1 }\n";
        expect(["", "spec.a"].map((path) => lineOf(text, path))).toEqual([8, 10]);
    });

    test("are those of its keys and items in JSON", () => {
        const text = JSON.stringify({ apiVersion: "v1", kind: "A", spec: { list: [{ a: 1 }, { b: 2 }] } }, null, 2);
        expect(["", "spec.list[1].b", "spec.list[1].c"].map((path) => lineOf(text, path))).toEqual([1, 10, 9]);
    });

    test("are those of what stands behind tags and anchors", () => {
        const text = "apiVersion: v1\nkind: A\nspec: &a !thing\n  b: !text 1\nlist:\n- &c\n  d: 1\n- - e: 2\n";
        expect(["spec.b", "list[0].d", "list[1][0].e"].map((path) => lineOf(text, path))).toEqual([4, 7, 8]);
    });
});

test("A separator in a text that goes over several lines is none", () => {
    const text = "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    x\n    ---\n    y\n";
    expect(fromYaml(text, "a.yaml").resources[0]!.props).toMatchObject({ data: { a: "x\n---\ny\n" } });
});
