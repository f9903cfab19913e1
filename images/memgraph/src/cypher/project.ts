/** RETURN and WITH: what of the rows is kept, grouped, in which order. */
import type { Expression, Projection } from "./ast";
import { compare, evaluate, type Item, itemKey, type Row, type Scope } from "./evaluate";
import { aggregate, isAggregate } from "./functions";
import { CypherError } from "./lexer";

export function project(
    projection: Projection,
    rows: Row[],
    parameters: Scope["parameters"],
): { columns: string[]; rows: Row[] } {
    const items = projection.star ? allVariables(rows) : projection.items;
    const columns = items.map((item) => item.name);
    const grouped = items.some((item) => aggregatesIn(item.expression).length > 0);
    let results = grouped
        ? group(items, rows, parameters)
        : rows.map((row) => ({ row, out: outputs(items, { row, parameters }) }));
    if (projection.distinct) {
        results = [
            ...new Map(
                results.map((result) => [columns.map((c) => itemKey(result.out.get(c)!)).join(), result]),
            ).values(),
        ];
    }
    if (projection.orderBy.length > 0) {
        const keyed = results.map((result) => {
            // An order may use new names and, where rows were not put together, old ones.
            const row = new Map([...result.row, ...result.out]);
            return {
                result,
                keys: projection.orderBy.map(({ expression }) => evaluate(expression, { row, parameters })),
            };
        });
        keyed.sort((a, b) => {
            for (const [i, { descending }] of projection.orderBy.entries()) {
                const order = compare(a.keys[i]!, b.keys[i]!);
                if (order !== 0) return descending ? -order : order;
            }
            return 0;
        });
        results = keyed.map(({ result }) => result);
    }
    const skip = bound(projection.skip, parameters) ?? 0;
    const limit = bound(projection.limit, parameters) ?? Infinity;
    return { columns, rows: results.slice(skip, skip + limit).map((result) => result.out) };
}

function allVariables(rows: Row[]): Projection["items"] {
    return [...(rows[0]?.keys() ?? [])].map((name) => ({ name, expression: { kind: "variable", name } }));
}

function outputs(items: Projection["items"], scope: Scope): Row {
    return new Map(items.map(({ name, expression }) => [name, evaluate(expression, scope)]));
}

function bound(expression: Expression | undefined, parameters: Scope["parameters"]): number | undefined {
    if (!expression) return undefined;
    const value = evaluate(expression, { row: new Map(), parameters });
    if (typeof value !== "bigint" || value < 0n)
        throw new CypherError("SKIP and LIMIT need a whole number that is not negative");
    return Number(value);
}

/** One row for each combination of the values that are no aggregations. */
function group(items: Projection["items"], rows: Row[], parameters: Scope["parameters"]): { row: Row; out: Row }[] {
    const keys = items.filter((item) => aggregatesIn(item.expression).length === 0);
    const groups = new Map<string, Row[]>();
    for (const row of rows) {
        const key = keys.map(({ expression }) => itemKey(evaluate(expression, { row, parameters }))).join();
        const members = groups.get(key);
        if (members) members.push(row);
        else groups.set(key, [row]);
    }
    // Of no rows at all, a count is 0.
    if (groups.size === 0 && keys.length === 0) groups.set("", []);
    return [...groups.values()].map((members) => {
        const aggregates = new Map<Expression, Item>();
        for (const call of items.flatMap((item) => aggregatesIn(item.expression))) {
            if (call.kind !== "call") continue;
            const values =
                call.args.length === 0 ? [] : members.map((row) => evaluate(call.args[0]!, { row, parameters }));
            aggregates.set(call, aggregate(call, values, members.length));
        }
        return { row: new Map(), out: outputs(items, { row: members[0] ?? new Map(), parameters, aggregates }) };
    });
}

function aggregatesIn(expression: Expression): Expression[] {
    if (isAggregate(expression)) return [expression];
    switch (expression.kind) {
        case "property":
        case "labels":
            return aggregatesIn(expression.of);
        case "index":
            return [...aggregatesIn(expression.of), ...aggregatesIn(expression.by)];
        case "list":
            return expression.items.flatMap(aggregatesIn);
        case "map":
            return expression.entries.flatMap(([, item]) => aggregatesIn(item));
        case "unary":
            return aggregatesIn(expression.operand);
        case "binary":
            return [...aggregatesIn(expression.left), ...aggregatesIn(expression.right)];
        case "call":
            return expression.args.flatMap(aggregatesIn);
        default:
            return [];
    }
}
