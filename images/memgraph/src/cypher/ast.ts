import type { Value } from "../bolt/packstream";

export type Expression =
    | { kind: "literal"; value: Value }
    | { kind: "parameter"; name: string }
    | { kind: "variable"; name: string }
    | { kind: "property"; of: Expression; name: string }
    | { kind: "index"; of: Expression; by: Expression }
    | { kind: "list"; items: Expression[] }
    | { kind: "map"; entries: [string, Expression][] }
    | { kind: "unary"; operator: "NOT" | "-" | "IS NULL" | "IS NOT NULL"; operand: Expression }
    | { kind: "binary"; operator: string; left: Expression; right: Expression }
    | { kind: "labels"; of: Expression; labels: string[] }
    | { kind: "call"; name: string; args: Expression[]; distinct: boolean; star: boolean };

export interface NodePattern {
    variable?: string;
    labels: string[];
    properties?: Expression;
}

export interface EdgePattern {
    variable?: string;
    types: string[];
    direction: "out" | "in" | "both";
    properties?: Expression;
}

/** Nodes and the relationships between them: one more node than relationships. */
export interface Pattern {
    nodes: NodePattern[];
    edges: EdgePattern[];
}

export type SetItem =
    | { kind: "property"; variable: string; name: string; value: Expression }
    /** `add`: `+=`, which keeps the properties that are not named. */
    | { kind: "properties"; variable: string; value: Expression; add: boolean }
    | { kind: "labels"; variable: string; labels: string[] };

export type RemoveItem =
    { kind: "property"; variable: string; name: string } | { kind: "labels"; variable: string; labels: string[] };

export interface Projection {
    distinct: boolean;
    /** `*`: all variables. */
    star: boolean;
    items: { name: string; expression: Expression }[];
    orderBy: { expression: Expression; descending: boolean }[];
    skip?: Expression;
    limit?: Expression;
}

export type Clause =
    | { kind: "match"; patterns: Pattern[]; where?: Expression }
    | { kind: "create"; patterns: Pattern[] }
    | { kind: "merge"; pattern: Pattern; onCreate: SetItem[]; onMatch: SetItem[] }
    | { kind: "set"; items: SetItem[] }
    | { kind: "remove"; items: RemoveItem[] }
    | { kind: "delete"; targets: Expression[]; detach: boolean }
    | { kind: "unwind"; list: Expression; name: string }
    | { kind: "with"; projection: Projection; where?: Expression }
    | { kind: "return"; projection: Projection };

export type Statement =
    | { kind: "query"; clauses: Clause[] }
    | { kind: "index"; add: boolean; label: string; property: string | null }
    | { kind: "constraint"; add: boolean; type: "unique" | "exists"; label: string; properties: string[] }
    | { kind: "transaction"; command: "BEGIN" | "COMMIT" | "ROLLBACK" }
    | { kind: "admin"; command: AdminCommand };

export const ADMIN_COMMANDS = [
    "DUMP DATABASE",
    "SHOW STORAGE INFO",
    "SHOW INDEX INFO",
    "SHOW CONSTRAINT INFO",
    "SHOW VERSION",
    "CREATE SNAPSHOT",
    "LOCK DATA DIRECTORY",
    "UNLOCK DATA DIRECTORY",
    "ANALYZE GRAPH",
    "FREE MEMORY",
] as const;
export type AdminCommand = (typeof ADMIN_COMMANDS)[number];
