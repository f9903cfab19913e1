import { UNKNOWN, type CheckFailure, type PropertyMap, type PropertyValue } from "../../../provider";
import { isMap } from "../../schema/types";

/** Rules over more than one property. The real provider has most of them too, but only finds out while it creates. */
export function checkContainer(inputs: PropertyMap): CheckFailure[] {
    const failures: CheckFailure[] = [];
    const fail = (property: string, reason: string): void => void failures.push({ property, reason });

    const contents = ["content", "contentBase64", "source"] as const;
    items(inputs.uploads).forEach((upload, i) => {
        const given = contents.filter((key) => typeof upload[key] === "string" && upload[key] !== "");
        if (given.length !== 1)
            fail(
                `uploads[${i}]`,
                `needs one of content, contentBase64 and source, and has ${given.join(" and ") || "none"}`,
            );
    });
    if (inputs.readOnly === true && items(inputs.uploads).length > 0)
        fail("uploads", "Docker copies no files into a container with a read-only root: mount a volume that has them");

    items(inputs.volumes).forEach((volume, i) => {
        if (!volume.containerPath === !volume.fromContainer)
            fail(`volumes[${i}]`, "needs one of containerPath and fromContainer");
    });
    if (Array.isArray(inputs.command)) {
        inputs.command.forEach((word, i) => {
            if (word === "") fail(`command[${i}]`, "must not be empty: the docker provider refuses it");
        });
    }
    if (inputs.attach === true && inputs.rm === true)
        fail("rm", "must not be set with attach: Docker would remove the container before its exit code can be read");
    if (inputs.logs === true && inputs.attach !== true) fail("logs", "needs attach");
    const { memory, memorySwap } = inputs;
    if (typeof memory === "number" && typeof memorySwap === "number" && memorySwap > 0 && memorySwap < memory)
        fail("memorySwap", `is memory and swap together, so it must be at least memory (${memory}), not ${memorySwap}`);
    return failures;
}

function items(value: PropertyValue | undefined): PropertyMap[] {
    return Array.isArray(value) ? value.filter((item) => item !== UNKNOWN).filter(isMap) : [];
}
