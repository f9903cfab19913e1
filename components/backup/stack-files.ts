/**
 * A stack's own configuration, as it is kept with its backups: what a new one in its place is made from, and what its data
 * is encrypted with.
 */
import * as pulumi from "@pulumi/pulumi";

import type { StackConfig } from "../../config/types";
import { BACKUP_PASSWORD, BUCKET_KEYS } from "../../systems/backup";
import type { StackIdentity } from "../../targets/target";
import { SecretTemplate } from "../secret-text";
import type { Secrets } from "../secrets";
import { sortedJson } from "../sorted-json";
import type { FileSpec } from "../spec";
import { STACK_DIRECTORY, STACK_FILES } from "./layout";

/** What opens the backups is of no use in them. */
const LEFT_OUT: string[] = [BACKUP_PASSWORD, ...Object.values(BUCKET_KEYS)];

/** Secrets that something beside the stack keeps are not here: it does not know them. */
export function stackFiles(
    config: StackConfig,
    { values }: Pick<Secrets, "values">,
    identity: StackIdentity,
): FileSpec[] {
    const { stack, version } = identity;
    const known = Object.entries(values).filter(
        (entry): entry is [string, pulumi.Output<string>] =>
            !(entry[1] instanceof SecretTemplate) && !LEFT_OUT.includes(entry[0]),
    );
    return [
        {
            path: `${STACK_DIRECTORY}/${STACK_FILES.settings}`,
            content: sortedJson({ stack, version, config }),
            secret: false,
        },
        ...(known.length > 0
            ? [
                  {
                      path: `${STACK_DIRECTORY}/${STACK_FILES.secrets}`,
                      content: pulumi.secret(
                          pulumi.all(Object.fromEntries(known)).apply((secrets) => sortedJson(secrets)),
                      ),
                      secret: true,
                  },
              ]
            : []),
    ];
}
