/** A SQLite database, files and a graph of a stack of OpenCode that would show a loss. */
import { systemOf } from "../../../../systems";
import type { Ruin } from "./place";

const PROJECTS = `cd /app/projects && mkdir -p one/deep && echo first >one/a && ln -s a one/link && ln -s deep one/there && ln -s .. one/deep/back && chmod 600 one/a
head -c 3000000 /dev/urandom >one/deep/random
for n in $(seq 300); do echo "line $n" >one/deep/$n.ts; done`;

const TASKS = `CREATE TABLE task (id INTEGER PRIMARY KEY, name TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) INSERT INTO task SELECT i, 'task ' || i FROM n`;

/** Content, owner, mode and target of each, but of what a restore sets aside. */
const LIST = `cd /app/projects
find . -path './.groundwork*' -prune -o -mindepth 1 -printf '%P %y %m %U:%G %l\\n' | sort
find . -path './.groundwork*' -prune -o -type f -exec sha256sum {} + | sort`;

export class Files {
    constructor(private readonly ruin: Ruin) {}

    private sqlite(query: string): Promise<string> {
        const { service, path } = systemOf("opencode").stores.sqlite!;
        return this.ruin.inside(service, `sqlite3 ${path} "${query}"`);
    }

    private graph(query: string): Promise<string> {
        return this.ruin.inside("memgraph", `echo "${query};" | mgconsole --output-format=csv`);
    }

    async fill(): Promise<void> {
        await this.ruin.inside("backend", PROJECTS);
        await this.sqlite(TASKS);
        await this.graph("CREATE (:Drill {path: 'a.ts'})-[:IMPORTS {line: 3}]->(:Drill {path: 'b.ts'})");
    }

    async digest() {
        return {
            files: await this.ruin.inside("backend", LIST),
            tasks: await this.sqlite("SELECT count(*), group_concat(id || name) FROM task"),
            nodes: await this.graph("MATCH (n:Drill) RETURN n.path AS path ORDER BY path"),
            relationships: await this.graph("MATCH (:Drill)-[r:IMPORTS]->(:Drill) RETURN r.line AS line"),
        };
    }
}
