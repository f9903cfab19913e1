/** This project in a git repository of its own, to be changed commit by commit. */
import { execFileSync } from "node:child_process";
import { basename, join } from "node:path";
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";

import { temporary } from "../../temporary";
import { REPOSITORY } from "../../unit/cli/fixtures";

/** What the program is made of, and what says its stacks. */
const PARTS = [
    ...["components", "config", "images", "systems", "targets"],
    ...["index.ts", "package.json", "package-lock.json", "tsconfig.json", "tsconfig.program.json", "Pulumi.yaml"],
];

/** A secret as Pulumi's passphrase provider writes it. Nobody can open this one. */
export function closed(text: string): string {
    return `v1:${Buffer.from(text).toString("base64")}:${Buffer.from(`${text}, encrypted`).toString("base64")}`;
}

export class TestRepository {
    readonly dir = temporary("report");

    constructor(stacks: Record<string, string>) {
        const fits = (path: string): boolean => basename(path) !== "node_modules";
        for (const part of PARTS)
            cpSync(join(REPOSITORY, part), join(this.dir, part), { recursive: true, filter: fits });
        symlinkSync(join(REPOSITORY, "node_modules"), join(this.dir, "node_modules"));
        this.write(".gitignore", "node_modules\n");
        for (const [stack, text] of Object.entries(stacks)) this.write(`Pulumi.${stack}.yaml`, text);
        this.git("init", "--quiet", "--initial-branch=main");
        this.commit("first");
    }

    git(...args: string[]): string {
        const who = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"];
        return execFileSync("git", [...who, ...args], { cwd: this.dir, encoding: "utf8", stdio: "pipe" }).trim();
    }

    /** @returns the commit */
    commit(message: string): string {
        this.git("add", "--all");
        this.git("commit", "--quiet", "--allow-empty", "--message", message);
        return this.git("rev-parse", "HEAD");
    }

    write(path: string, text: string): void {
        writeFileSync(join(this.dir, path), text);
    }

    /** @throws Error when there is nothing of that kind */
    edit(path: string, from: string, to: string): void {
        const text = readFileSync(join(this.dir, path), "utf8");
        if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
        this.write(path, text.replaceAll(from, to));
    }
}
