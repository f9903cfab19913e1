/** The short and long forms in which Compose takes things. What is of neither form is given back as it is. */
import { isRaw, type Raw } from "../core/raw";

/** `512m`, `1gb`, a number of bytes. */
export function memoryMiB(value: unknown): unknown {
    if (typeof value === "number") return value / 2 ** 20;
    const [, digits, unit = "b"] = (typeof value === "string" && /^(\d+(?:\.\d+)?)\s*([bkmgt])?b?$/i.exec(value)) || [];
    return digits === undefined ? value : (Number(digits) * 1024 ** "bkmgt".indexOf(unit.toLowerCase())) / 2 ** 20;
}

/** Variables are text until Compose knows where they stand. */
export function number(value: unknown): unknown {
    return typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
}

/** A switch may be text, as that of a variable is: Compose reads it as this does. */
export function flag(value: unknown): unknown {
    if (typeof value !== "string") return value;
    if (/^(?:true|y|yes|on)$/i.test(value)) return true;
    return /^(?:false|n|no|off)$/i.test(value) ? false : value;
}

const CONTAINER_PORT = /^(\d+)(?:-\d+)?(?:\/(\w+))?$/;
const HOST_PORT = /^(?:(\d+)(?:-\d+)?)?$/;

const ADDRESSED = /^(\[[^\]]*\]|[^:]*):(\d.*)$/;

/** `127.0.0.1:8080:80/tcp`, `::1:8080:80`, `3000-3005:3000-3005`, or a map. */
export function ports(item: unknown): unknown[] {
    if (isRaw(item)) {
        const { target, host_ip: own, protocol } = item;
        // Older versions took an address there too.
        const [, address, published = item["published"]] = ADDRESSED.exec(String(item["published"])) ?? [];
        const ip = own ?? address;
        const [first] = typeof published === "string" ? published.split("-") : [published];
        return [
            {
                internal: number(target),
                ...(first !== undefined && first !== null && { external: number(first) }),
                ...(ip !== undefined && { ip }),
                ...(protocol !== undefined && { protocol }),
            },
        ];
    }
    const text = typeof item === "number" ? String(item) : item;
    const parts = typeof text === "string" ? splitPort(text) : undefined;
    return [parts ?? item];
}

/** As the engine splits it: what is before the last two colons is the address. The first of a range stands for all of it. */
function splitPort(text: string): Raw | undefined {
    const parts = text.split(":");
    const [, internal, protocol] = CONTAINER_PORT.exec(parts.pop()!) ?? [];
    const host = HOST_PORT.exec(parts.pop() ?? "");
    if (internal === undefined || !host) return undefined;
    return {
        internal: Number(internal),
        ...(host[1] !== undefined && { external: Number(host[1]) }),
        ...(parts.length > 0 && { ip: parts.join(":").replace(/^\[|\]$/g, "") }),
        ...(protocol !== undefined && { protocol }),
    };
}

const PROPAGATIONS = ["shared", "rshared", "slave", "rslave", "private", "rprivate"];

/** `./data:/data:ro`, a volume's name, or a map. @param volumes of the file, by name */
export function mounts(item: unknown, volumes: Raw): unknown[] {
    if (isRaw(item)) {
        const { type, source, target, read_only: readOnly, bind } = item;
        const options = isRaw(bind) && bind["propagation"] !== undefined && { propagation: bind["propagation"] };
        return [
            {
                type,
                target,
                ...(source !== undefined && { source: bound(source, volumes) }),
                ...(readOnly !== undefined && { readOnly }),
                ...(options && { bindOptions: options }),
            },
        ];
    }
    if (typeof item !== "string") return [item];
    const [source, target, options = ""] = item.split(":");
    if (target === undefined) return [{ type: "volume", target: source }];
    const words = options.split(",");
    const propagation = words.find((word) => PROPAGATIONS.includes(word));
    return [
        {
            type: /^[./~]/.test(source!) ? "bind" : "volume",
            source: bound(source, volumes),
            target,
            readOnly: words.includes("ro"),
            ...(propagation !== undefined && { bindOptions: { propagation } }),
        },
    ];
}

/** A named volume may be a directory of the host's all the same. */
function bound(source: unknown, volumes: Raw): unknown {
    const volume = typeof source === "string" && Object.hasOwn(volumes, source) ? volumes[source] : undefined;
    const options = isRaw(volume) ? volume["driver_opts"] : undefined;
    if (!isRaw(options)) return source;
    // `o: bind` is of the engine's own driver; others, as local-persist, name a place on the host.
    return (/\bbind\b/.test(String(options["o"])) ? options["device"] : options["mountpoint"]) ?? source;
}

/** `/dev/a:/dev/b:rwm`, or a map. */
export function devices(item: unknown): unknown[] {
    if (isRaw(item))
        return [{ hostPath: item["source"], containerPath: item["target"], permissions: item["permissions"] }];
    if (typeof item !== "string") return [item];
    const [hostPath, containerPath, permissions] = item.split(":");
    return [{ hostPath, ...(containerPath && { containerPath }), ...(permissions && { permissions }) }];
}

/** @param entry name, and a number or a map of both limits */
export function ulimits(entry: unknown): unknown[] {
    const [name, limit] = entry as [string, unknown];
    if (isRaw(limit)) return [{ name, soft: number(limit["soft"]), hard: number(limit["hard"]) }];
    return [{ name, soft: number(limit), hard: number(limit) }];
}

/** `on-failure:5`, or how a deployment restarts. */
export function restart(value: unknown): Raw {
    if (isRaw(value)) {
        const { condition = "any", max_attempts: most } = value;
        const policies: Record<string, string> = { none: "no", any: "always", "on-failure": "on-failure" };
        return {
            restart: policies[String(condition)] ?? condition,
            ...(most !== undefined && { maxRetryCount: number(most) }),
        };
    }
    // YAML takes an unquoted no for a switch.
    if (value === false) return { restart: "no" };
    if (typeof value !== "string") return { restart: value };
    const [restart, most] = value.split(":");
    return { restart, ...(most !== undefined && { maxRetryCount: number(most) }) };
}

export function healthTests(value: unknown): unknown {
    if (!isRaw(value)) return value;
    const { test, disable } = value;
    if (disable === true || disable === "true") return { tests: ["NONE"] };
    if (test === undefined || test === null) return {};
    if (typeof test === "string") return { tests: test === "NONE" ? ["NONE"] : ["CMD-SHELL", test] };
    return { tests: test };
}

export function logging(value: unknown): Raw {
    if (!isRaw(value)) return { logDriver: value };
    const { driver, options } = value;
    return { ...(driver !== undefined && { logDriver: driver }), ...(options !== undefined && { logOpts: options }) };
}

/** A command's words; a line is one, for a shell. */
export function words(value: unknown): unknown[] | undefined {
    if (Array.isArray(value)) return value;
    return typeof value === "string" ? [value] : undefined;
}
