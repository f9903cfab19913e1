import type { ContainerSpec } from "../../components/spec";
import { SECRETS_DIRECTORY, secretPath } from "../../systems/addresses";

/** Puts each file into the environment of the process that it becomes; no value is ever on a command line or in `docker inspect`. */
const EXPORT_SECRETS = [
    "/bin/sh",
    "-ec",
    `for file in ${SECRETS_DIRECTORY}/*; do value=$(cat "$file"); export "$(basename "$file")=$value"; done; exec "$@"`,
    "sh",
];

/** The same workload with its `secretEnv` as files, which a shell exports before it becomes `args`. */
export function exportSecrets<S extends ContainerSpec>(spec: S): S {
    const { secretEnv = {}, ...rest } = spec;
    const names = Object.keys(secretEnv);
    if (names.length === 0) {
        return spec;
    }
    const files = names.map((name) => ({
        path: secretPath(name),
        content: secretEnv[name]!,
        secret: true,
    }));
    return { ...(rest as S), command: EXPORT_SECRETS, files: [...spec.files, ...files] };
}
