/** The parts of Docker's API that containers are made of and read from; dockerode's types leave some of them out. */
import type Docker from "dockerode";

import type { PropertyMap, PropertyValue } from "../../../provider";
import type { Property } from "../../schema/types";

export type HostConfig = Docker.HostConfig & { CgroupnsMode?: string };

/** Body of `POST /containers/create`. */
export interface CreateBody extends Docker.ContainerCreateOptions {
    HostConfig: HostConfig;
}

/** Answer of `GET /containers/{id}/json`. */
export type Inspect = Omit<Docker.ContainerInspectInfo, "Config" | "HostConfig"> & {
    Config: Docker.ContainerInspectInfo["Config"] & { StopSignal?: string; StopTimeout?: number | null };
    HostConfig: HostConfig;
};

/** A property of the container: how it is checked and compared, how it goes into the API and how it is read back. */
export interface ContainerProperty extends Property {
    /** Puts a value that is set into the request. */
    put?: (body: CreateBody, value: PropertyValue, inputs: PropertyMap) => void;
    /** Reads it back; absent: what was asked for, else null. */
    get?: (info: Inspect, inputs: PropertyMap) => PropertyValue;
}
