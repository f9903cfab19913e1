/**
 * The gRPC library and Pulumi's stubs. They are CommonJS without static export names, and take a tenth of a second to load: so they are
 * required when the first run asks for them, while the program starts in its own process.
 */
import { createRequire } from "node:module";

export interface Proto {
    grpc: typeof import("@grpc/grpc-js");
    struct: typeof import("google-protobuf/google/protobuf/struct_pb");
    empty: typeof import("google-protobuf/google/protobuf/empty_pb");
    resource: typeof import("@pulumi/pulumi/proto/resource_pb");
    resourceService: typeof import("@pulumi/pulumi/proto/resource_grpc_pb");
    provider: typeof import("@pulumi/pulumi/proto/provider_pb");
    engine: typeof import("@pulumi/pulumi/proto/engine_pb");
    engineService: typeof import("@pulumi/pulumi/proto/engine_grpc_pb");
}

let loaded: Proto | undefined;

export function proto(): Proto {
    if (!loaded) {
        const require = createRequire(__filename);
        loaded = {
            grpc: require("@grpc/grpc-js"),
            struct: require("google-protobuf/google/protobuf/struct_pb"),
            empty: require("google-protobuf/google/protobuf/empty_pb"),
            resource: require("@pulumi/pulumi/proto/resource_pb"),
            resourceService: require("@pulumi/pulumi/proto/resource_grpc_pb"),
            provider: require("@pulumi/pulumi/proto/provider_pb"),
            engine: require("@pulumi/pulumi/proto/engine_pb"),
            engineService: require("@pulumi/pulumi/proto/engine_grpc_pb"),
        };
    }
    return loaded;
}
