import { FROM_STAGING } from "../../core/rule";
import { cisDocker } from "../../frameworks/cis-docker";
import { soc2 } from "../../frameworks/soc2";
import { dockerfileRule, eachInstruction } from "./stages";

/** Each with what it tells to trust blindly. */
const UNVERIFIED: readonly [RegExp, string][] = [
    [/--allow-unauthenticated|--force-yes|\bAPT::Get::AllowUnauthenticated/, "signatures of packages"],
    [/--nogpgcheck|\bgpgcheck=0|--no-gpg-checks/, "signatures of packages"],
    [/--allow-untrusted/, "signatures of packages"],
    [/--trusted-host/, "certificates"],
    [/\bcurl\b[^;&|]*\s(?:-[a-jl-zA-Z]*k[a-zA-Z]*|--insecure)(?=\s|$)/, "certificates"],
    [/\bwget\b[^;&|]*\s--no-check-certificate/, "certificates"],
    [
        /strict-ssl[\s=]+["']?false|NODE_TLS_REJECT_UNAUTHORIZED=["']?0|http\.sslVerify[\s=]+["']?false|GIT_SSL_NO_VERIFY=/,
        "certificates",
    ],
];

export default dockerfileRule({
    id: "GW-DOC-087",
    slug: "dockerfile-unverified",
    title: "Dockerfiles check signatures and certificates of what they install",
    why: "Without, whoever is between the build and the registry decides what is in the image.",
    remedy: "Remove the option; give the build the registry's key or certificate.",
    severity: "high",
    levels: FROM_STAGING,
    references: [...cisDocker("4.11", "4.12"), ...soc2("CC6.8")],
    check(dockerfile, report) {
        eachInstruction(dockerfile, report, ["RUN", "ENV"], ({ path, text }) => {
            const [, what] = UNVERIFIED.find(([pattern]) => pattern.test(text)) ?? [];
            if (what) report(path, `must check ${what}`);
        });
    },
});
