/** Asks a stack's Postgres, with the client and the password inside of its own container. */
import { execIn } from "../../../../packages/cli/src/docker/exec";
import type { ExecResult } from "../../../../packages/cli/src/runtime/runtime";
import type { PostgresStore } from "../../../../systems/types";
import { waitFor } from "../../support/wait";
import { docker, servicesOf } from "./inventory";

interface Connection {
    /** `127.0.0.1`, or `postgres` to come in over the stack's network. */
    host: string;
    sslmode: "disable" | "require";
}

export class PostgresProbe {
    constructor(
        private readonly stack: string,
        private readonly store: PostgresStore,
        /** Whose container is asked, and has the client: `postgres` or its replica. */
        private readonly service = "postgres",
    ) {}

    /** What a statement answers inside of the container. @throws Error with what the client said */
    async ask(sql: string): Promise<string> {
        const { exitCode, stdout, stderr } = await this.query(sql, { host: "127.0.0.1", sslmode: "disable" });
        if (exitCode !== 0) throw new Error(`${this.service}: ${stderr.trim()}`);
        return stdout.trim();
    }

    /** What a statement answers, unaligned and without a head. `sql` holds no double quote, `$` or backquote. */
    async query(sql: string, { host, sslmode }: Connection): Promise<ExecResult> {
        const { user, database } = this.store;
        return this.shell(
            `PGPASSWORD="$(cat /run/secrets/POSTGRES_PASSWORD)" PGSSLMODE=${sslmode} exec psql -h ${host} -U ${user} -d ${database} -tAc "${sql}"`,
        );
    }

    /** @param timeoutMs How long it may take */
    async shell(script: string, timeoutMs = 60_000): Promise<ExecResult> {
        return execIn(docker, (await this.container()).id, ["sh", "-c", script], timeoutMs);
    }

    /** As after a reboot of the host; done when it is healthy again. */
    async restart(): Promise<void> {
        const { id } = await this.container();
        await docker.getContainer(id).restart();
        await this.healthy();
    }

    async healthy(): Promise<void> {
        const isHealthy = async () => (await this.container()).health === "healthy";
        await waitFor(isHealthy, { what: `a healthy ${this.service}`, seconds: 300 });
    }

    async container() {
        const found = (await servicesOf(this.stack)).find((each) => each.service === this.service);
        if (!found) throw new Error(`${this.stack} has no container of ${this.service}`);
        return found;
    }
}
