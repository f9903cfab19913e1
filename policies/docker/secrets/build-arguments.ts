import { UnitsBuilder } from "../../core/check";
import { asText, isRaw, join, keyIn, listAt, mapAt, textAt } from "../../core/raw";
import { remember } from "../../core/remember";
import type { Resource } from "../../core/resource";
import { ALWAYS, ruleFor, type Unit } from "../../core/rule";
import { isSecretLiteral, namesSecret } from "../../core/secret-looking";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { CONTAINER } from "../containers";

/** Where a resource has arguments of a build. Of a container it is what Compose builds for it. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
    [CONTAINER]: ["build", "args"],
    "docker:index/image:Image": ["build", "args"],
    "docker-build:index:Image": ["buildArgs"],
};

interface Argument extends Unit {
    readonly name: string;
    /** Undefined: that of the variable of its name, of whoever builds. */
    readonly value: string | undefined;
}

const argumentsOf = remember((resource: Resource) => {
    const found = new UnitsBuilder<Argument>();
    const keys = ARGUMENTS[resource.type] ?? [];
    const at = join(...keys);
    found.attempt("", () => {
        // A build may be no more than a directory, or a switch.
        if (keys.length > 1 && !isRaw(resource.props["build"])) return;
        if (resource.type !== CONTAINER) {
            const map = mapAt(resource.props, ...keys);
            for (const name of Object.keys(map)) {
                const path = join(at, keyIn(name));
                found.attempt(at, () => found.units.push({ path, name, value: textAt(map, name) ?? "" }));
            }
            return;
        }
        const list = listAt(resource.props, ...keys);
        for (let n = 0; n < list.length; n++) {
            found.attempt("", () => {
                const path = `${at}[${n}]`;
                const [, name = "", value] = /^([^=]*)(?:=(.*))?$/s.exec(asText(list[n], path)) ?? [];
                found.units.push({ path, name, value });
            });
        }
    });
    return found;
});

export default ruleFor<Argument>({
    scope: "resource",
    applies: (type) => Object.hasOwn(ARGUMENTS, type),
    units: argumentsOf,
})({
    id: "GW-DOC-073",
    slug: "secret-build-argument",
    title: "Images are built without a secret among their arguments",
    why: "The image's history shows what each ARG was given, to whoever pulls it, and a file that says it is checked in.",
    remedy: "Use a secret of the build (Compose: build.secrets), and RUN --mount=type=secret.",
    severity: "high",
    levels: ALWAYS,
    references: [...cisDocker("4.10"), ...soc2("CC6.1", "C1.1")],
    check({ name, value }, report) {
        const isSecret = value === undefined ? namesSecret(name) : isSecretLiteral(name, value);
        if (isSecret) report("", `must not hold a secret: ${name}`);
    },
});
