import type { PropertyMap } from "../../provider";
import type { Connection } from "./client";
import { inspectImage } from "./image";
import { inspect, ipamOutputs } from "./network";

type Call = (connection: Connection, args: PropertyMap) => Promise<PropertyMap>;

/** Functions of the docker package; the real provider's have the same results. */
export const functions: Record<string, Call> = {
    "docker:index/getNetwork:getNetwork": async (connection, args) => {
        const name = required(args, "getNetwork");
        const info = await inspect(connection, name);
        if (!info) throw new Error(`There is no network ${name} on the Docker engine at ${connection.host}.`);
        return {
            id: info.Id,
            name: info.Name,
            driver: info.Driver,
            internal: info.Internal,
            scope: info.Scope,
            options: (info.Options ?? {}) as Record<string, string>,
            ipamConfigs: ipamOutputs(info),
            containers: Object.entries(info.Containers ?? {}).map(([containerId, endpoint]) => ({
                containerId,
                name: endpoint.Name,
                endpointId: endpoint.EndpointID,
                macAddress: endpoint.MacAddress,
                ipv4Address: endpoint.IPv4Address,
                ipv6Address: endpoint.IPv6Address,
            })),
        };
    },

    "docker:index/getRemoteImage:getRemoteImage": async (connection, args) => {
        const name = required(args, "getRemoteImage");
        const image = await inspectImage(connection, name);
        if (!image) throw new Error(`The image ${name} is not on the Docker engine at ${connection.host}.`);
        return { id: image.Id, name, repoDigest: image.RepoDigests?.[0] ?? "" };
    },
};

function required(args: PropertyMap, call: string): string {
    if (typeof args.name !== "string" || args.name === "") throw new Error(`${call}: "name" is required`);
    return args.name;
}
