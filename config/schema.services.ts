/** What a stack file may say of a service or store. */
import { z } from "zod";

import { field } from "./fields";
import { ENV_NAME, LABEL } from "./formats";

/** `pulumi config set --path … 0.5` writes the text "0.5", because it takes whole numbers only for numbers. */
const cpu = () =>
    z
        .union([z.number(), z.string().regex(/^[0-9]{1,4}\.[0-9]{1,3}$/)])
        .transform(Number)
        .pipe(z.number().min(0.01).max(1024));

const cores = (meaning: string, example: number) =>
    field(cpu(), {
        meaning,
        rule: "must be a number of cores from 0.01 to 1024",
        example,
        default: "the document's, per environment",
    }).optional();

const memory = (meaning: string, example: number) =>
    field(z.int().min(16).max(4_194_304), {
        meaning,
        rule: "must be a whole number of MiB from 16 to 4194304 (4 TiB)",
        example,
        default: "the document's, per environment",
    }).optional();

const resources = z.strictObject({
    cpuLimit: cores("Most cores that one replica may use.", 1.5),
    cpuReservation: cores("Cores that are kept for one replica. Not above its limit.", 0.25),
    memoryLimitMiB: memory("Most memory that one replica may use, in MiB.", 2048),
    memoryReservationMiB: memory("Memory that is kept for one replica, in MiB. Not above its limit.", 512),
});

/** `pulumi config set --path … 3001` writes a number and `true` a boolean, so these are taken; 1.10 would arrive as 1.1, so fractions are not. */
const envValue = z
    .union([z.string().max(32_768), z.int(), z.boolean()])
    .refine((value) => !String(value).includes("\0"), {
        params: { rule: "must not hold a NUL character (U+0000): the value of a variable ends at one" },
    })
    .transform(String);

const service = z.strictObject({
    replicas: field(z.int().min(1).max(100), {
        meaning: "How many replicas run.",
        rule: "must be a whole number from 1 to 100, and not above what the system's document allows",
        example: 2,
        default: "the document's, per environment",
    }).optional(),
    resources: field(resources, {
        meaning: "Limits and reservations of one replica.",
        rule: "must be a map of cpuLimit, cpuReservation, memoryLimitMiB, memoryReservationMiB",
        default: "the document's, per environment",
    }).optional(),
    env: field(
        z.record(
            z.string().regex(ENV_NAME),
            field(envValue, {
                meaning:
                    "Value of an environment variable. A secret does not belong here but under `groundwork:secrets`.",
                rule: "must be text of at most 32768 characters, a whole number, true or false; write a fraction in quotes",
                example: "warn",
                default: "the system's",
            }),
        ),
        {
            meaning: "Environment variables, over those of the system.",
            rule: "must be a map from a variable's name (letters, digits and _, not starting with a digit) to its value",
            default: "the system's",
            keyName: "<NAME>",
        },
    ).optional(),
    command: field(
        z
            .array(field(z.string().min(1).max(8192), wordMeta()))
            .min(1)
            .max(64),
        {
            meaning: "Command that runs instead of the image's, as a list of words.",
            rule: "must be a list of 1 to 64 words",
            example: ["node", "dist/main.js"],
            default: "the image's",
        },
    ).optional(),
    secretDelivery: field(z.enum(["file", "export"]), {
        meaning:
            "How secrets reach the process. `file`: `<NAME>_FILE` names a mounted file. `export`: as variables, for images that read " +
            "nothing else. On Docker a shell exports the files and then runs `command`, which must be given; on Kubernetes each variable " +
            "refers to a key of a Secret.",
        rule: "must be one of file, export",
        example: "export",
        default: "`file`; on Kubernetes `export` where the system's document has them as variables, which is OpsHub's",
    }).optional(),
});

function wordMeta() {
    return { meaning: "A word of the command.", rule: "must be a word of the command: text of 1 to 8192 characters" };
}

export const servicesSchema = field(
    z.record(
        z.string().regex(LABEL),
        field(service, {
            meaning: "A service or store of the system.",
            rule: "must be a map of replicas, resources, env, command, secretDelivery",
            default: "the document's",
        }),
    ),
    {
        meaning: "What differs from the system's document, by name of a service or store.",
        rule: "must be a map from a service's name to what differs",
        default: "nothing differs",
        keyName: "<service>",
    },
);
