import { listAt, textAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { givesSecretAway, isSecretLiteral, namesSecret } from "../../core/secret-looking";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerfileRule, eachInstruction } from "./stages";

export default dockerfileRule({
    id: "GW-DOC-084",
    slug: "dockerfile-secrets",
    title: "Dockerfiles hold no secret",
    why: "An image's history shows every ENV, ARG and RUN, and whoever pulls the image reads it, also when a later layer removes it.",
    remedy: "Use RUN --mount=type=secret while building, and a file that is mounted while running.",
    severity: "critical",
    levels: ALWAYS,
    references: [...cisDocker("4.10"), ...soc2("CC6.1", "C1.1")],
    check(dockerfile, report) {
        eachInstruction(dockerfile, report, ["ENV", "ARG", "LABEL"], ({ path, keyword, raw }) => {
            report.eachMap(listAt(raw, "properties"), `${path}.properties`, (property) => {
                const name = textAt(property, "name") ?? "";
                const value = textAt(property, "value");
                // What an ARG is given while building is in the history, whatever it is here.
                if (
                    keyword === "ARG"
                        ? namesSecret(name) || givesSecretAway(value ?? "")
                        : isSecretLiteral(name, value ?? "")
                ) {
                    report(path, `must not hold a secret: ${name}`);
                }
            });
        });
        eachInstruction(dockerfile, report, ["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"], ({ path, text }) => {
            if (givesSecretAway(text)) report(path, "must not hold a secret");
        });
    },
});
