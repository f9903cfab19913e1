import type { PropertyMap } from "../../../provider";
import { isAbsent } from "../../schema/types";
import type { CreateBody } from "./api";
import { properties } from "./properties";

/** Names the resource on each container that this engine makes: what carries it may be removed after an interruption. */
export const OWNER_LABEL = "dev.groundwork.urn";

/** The body of the request that makes the container. */
export function requestOf(inputs: PropertyMap, urn: string): CreateBody {
    const body: CreateBody = { Labels: { [OWNER_LABEL]: urn }, HostConfig: { Init: false } };
    for (const [key, property] of Object.entries(properties)) {
        const value = inputs[key];
        if (property.put && !isAbsent(value) && !isEmpty(value)) property.put(body, value, inputs);
    }
    return body;
}

function isEmpty(value: unknown): boolean {
    return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
