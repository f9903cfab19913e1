/**
 * The gRPC library and Pulumi's stubs. They are CommonJS without static export names, and take a tenth of a second to load: so they are
 * required when the first run asks for them, while the program starts in its own process.
 */
/* eslint-disable @typescript-eslint/no-require-imports -- what is found by `createRequire` the bundler does not see */
import type * as grpc from "@grpc/grpc-js";
import type * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import type * as analyzerService from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type * as engine from "@pulumi/pulumi/proto/engine_pb";
import type * as engineService from "@pulumi/pulumi/proto/engine_grpc_pb";
import type * as provider from "@pulumi/pulumi/proto/provider_pb";
import type * as resource from "@pulumi/pulumi/proto/resource_pb";
import type * as resourceService from "@pulumi/pulumi/proto/resource_grpc_pb";
import type * as empty from "google-protobuf/google/protobuf/empty_pb";
import type * as struct from "google-protobuf/google/protobuf/struct_pb";

/** As the SDK's: large properties must fit. */
const MAX_MESSAGE_BYTES = 400 << 20;

/** Options of a server and of a client. */
export const MESSAGE_LIMITS = {
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
};

interface Proto {
    grpc: typeof grpc;
    struct: typeof struct;
    empty: typeof empty;
    resource: typeof resource;
    resourceService: typeof resourceService;
    provider: typeof provider;
    engine: typeof engine;
    engineService: typeof engineService;
}

/** Only a run with policy packs needs these. */
interface PolicyProto {
    analyzer: typeof analyzer;
    analyzerService: typeof analyzerService;
}

let loaded: Proto | undefined;

export function proto(): Proto {
    if (!loaded) {
        loaded = {
            grpc: require("@grpc/grpc-js") as typeof grpc,
            struct: require("google-protobuf/google/protobuf/struct_pb") as typeof struct,
            empty: require("google-protobuf/google/protobuf/empty_pb") as typeof empty,
            resource: require("@pulumi/pulumi/proto/resource_pb") as typeof resource,
            resourceService: require("@pulumi/pulumi/proto/resource_grpc_pb") as typeof resourceService,
            provider: require("@pulumi/pulumi/proto/provider_pb") as typeof provider,
            engine: require("@pulumi/pulumi/proto/engine_pb") as typeof engine,
            engineService: require("@pulumi/pulumi/proto/engine_grpc_pb") as typeof engineService,
        };
    }
    return loaded;
}

export function policyProto(): PolicyProto {
    return {
        analyzer: require("@pulumi/pulumi/proto/analyzer_pb") as typeof analyzer,
        analyzerService: require("@pulumi/pulumi/proto/analyzer_grpc_pb") as typeof analyzerService,
    };
}
