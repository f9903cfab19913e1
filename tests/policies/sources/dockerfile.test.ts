import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { evaluate } from "../../../policies/core/evaluate";
import { isUnknown } from "../../../policies/core/unknown";
import { RULES } from "../../../policies/rules";
import { fromDockerfile } from "../../../policies/sources/dockerfile";

function props(...lines: string[]): unknown {
    return fromDockerfile(lines.join("\n"), "Dockerfile").resources[0]!.props;
}

describe("Dockerfiles", () => {
    test("are read as stages: from an image, from an earlier stage, from nothing", () => {
        const read = props("FROM --platform=linux/amd64 node:20 AS build", "FROM Build", "FROM scratch", "FROM 1");
        expect(read).toMatchObject({ stages: [{ name: "build", image: "node:20" }, { parent: 0 }, {}, { parent: 1 }] });
        expect((read as { stages: object[] }).stages[2]).not.toHaveProperty("image");
    });

    test("have the defaults of their arguments in FROM and USER; where there is none nothing is known", () => {
        expect(
            props("ARG V=20", "ARG IMAGE=node:${V}", "FROM $IMAGE-slim", "ARG U=1", "USER ${U}:${G:-2}"),
        ).toMatchObject({
            stages: [{ image: "node:20-slim", instructions: [{}, {}, {}, { keyword: "USER", text: "1:2" }] }],
        });
        const [found] = fromDockerfile("ARG V\nFROM node:$V", "Dockerfile").resources;
        const [stage] = Object.getOwnPropertyDescriptor(found!.props, "stages")!.value as [object];
        expect(isUnknown(Object.getOwnPropertyDescriptor(stage, "image")!.value)).toBe(true);
    });

    test("have instructions of several lines as one, without the comments between, and here-documents whole", () => {
        const lines = ["FROM a:1", "RUN a && \\", "# why", "    b", "run <<EOF", "c", "EOF", "COPY --chmod=755 d /d"];
        expect(props(...lines)).toMatchObject({
            stages: [
                {
                    instructions: [
                        { keyword: "RUN", text: "a &&      b" },
                        { keyword: "RUN", text: "<<EOF\nc\nEOF" },
                        { keyword: "COPY", text: "--chmod=755 d /d" },
                    ],
                },
            ],
        });
    });

    test("know the line of each instruction", () => {
        const text = "# syntax=docker/dockerfile:1\nFROM a:1\n\nRUN a \\\n  && b\nUSER 0\n";
        const { violations } = evaluate(
            RULES,
            { resources: fromDockerfile(text, "app/Dockerfile").resources },
            { environment: "staging" },
        );
        expect(violations.map(({ rule, resource, location }) => [rule.id, resource, location?.line])).toEqual([
            ["GW-DOC-080", "Dockerfile/app/Dockerfile", 6],
            ["GW-DOC-081", "Dockerfile/app/Dockerfile", 2],
        ]);
    });

    test("without FROM are named as unreadable", () => {
        expect(fromDockerfile("hello\n", "Dockerfile")).toEqual({
            resources: [],
            unreadable: [{ file: "Dockerfile", line: 1, message: "It has no FROM" }],
        });
    });

    test("of this repository break what stand-ins break, which are built here, each from another, and get their user where they run", () => {
        const root = join(__dirname, "../../..");
        const files = ["images", "packages"]
            .flatMap((directory) => readdirSync(join(root, directory)).map((name) => `${directory}/${name}/Dockerfile`))
            .filter((file) => existsSync(join(root, file)));
        expect(files.length).toBeGreaterThanOrEqual(10);
        const found = files.map((file) => fromDockerfile(readFileSync(join(root, file), "utf8"), file));
        expect(found.flatMap(({ unreadable }) => unreadable)).toEqual([]);
        const resources = found.flatMap((one) => one.resources);
        const { violations, notEvaluated } = evaluate(RULES, { resources }, { environment: "staging" });
        expect(notEvaluated).toEqual([]);
        expect(new Set(violations.map(({ rule }) => rule.id))).toEqual(
            new Set(["GW-DOC-060", "GW-DOC-080", "GW-DOC-081"]),
        );
    });
});
