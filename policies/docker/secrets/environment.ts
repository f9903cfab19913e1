import { asText, listAt } from "../../core/raw";
import { ALWAYS } from "../../core/rule";
import { isSecretLiteral } from "../../core/secret-looking";
import { soc2 } from "../../frameworks/soc2";
import { dockerRule } from "../containers";

export default dockerRule({
    id: "GW-DOC-070",
    slug: "secret-environment",
    title: "Docker containers have no secret in their environment",
    why: "docker inspect shows it, every child process inherits it, and error reports carry it away.",
    remedy: "Mount it as a file, and name the file: POSTGRES_PASSWORD_FILE. In Compose use secrets.",
    severity: "high",
    levels: ALWAYS,
    references: soc2("CC6.1", "C1.1"),
    check({ raw }, report) {
        report.each(listAt(raw, "envs"), "envs", (item, path) => {
            const [, name = "", value = ""] = /^([^=]*)=?(.*)$/s.exec(asText(item, path))!;
            if (isSecretLiteral(name, value)) report(path, `must not hold a secret: ${name}`);
        });
    },
});
