/** What a stack file may say of Postgres itself. */
import { z } from "zod";

import { field } from "./fields";
import { LABEL } from "./formats";

const postgres = z.strictObject({
    readReplicas: field(z.int().min(0).max(1), {
        meaning:
            "Read replicas of Postgres, for a system whose document asks for them. A replica follows by streaming replication and serves " +
            "`DATABASE_REPLICA_URL`.",
        rule: "must be 0 or 1, and 0 for a system whose document asks for none",
        example: 1,
        default: "the document's, per environment",
    }).optional(),
    primaryVolume: field(z.string().regex(LABEL), {
        meaning:
            "The volume that the primary runs on; a replica has the other one. To promote a replica, name its volume here and run `up`, when " +
            "the old primary is gone for good: docs/kubernetes.md tells how. A volume that is named here never gets a new, empty database.",
        rule: "must be one of the two volumes of the system's Postgres",
        example: "db-data-replica",
        default: "the system's own",
    }).optional(),
});

export const postgresSchema = field(postgres, {
    meaning: "The replica of Postgres, and which of the two is the primary.",
    rule: "must be a map of readReplicas, primaryVolume",
});
