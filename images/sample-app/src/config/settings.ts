/** Reads a profile's variables, secrets from files first, and reports every problem at once. */
import { readFileSync } from "node:fs";

import type { Rule } from "./rules";

/** A variable of a system's document. */
export interface Variable {
    name: string;
    /** Without it the program does not start. */
    required?: boolean;
    /** Used when it is not set, or empty. */
    default?: string;
    rule?: Rule;
    /** Its value is blotted out of logs. */
    secret?: boolean;
}

/** The program cannot start with this environment. `problems` has a line for each thing to put right. */
export class SettingsError extends Error {
    constructor(readonly problems: string[]) {
        super(`cannot start:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
        this.name = "SettingsError";
    }
}

/** Checked values of variables. Only those that the profile names can be read. */
export class Settings {
    private readonly values = new Map<string, string>();
    private readonly known: Set<string>;
    /** Values that no log line may hold. */
    readonly secrets: string[] = [];

    /** @throws SettingsError */
    constructor(variables: Variable[], env: NodeJS.ProcessEnv, check: (settings: Settings) => string[] = () => []) {
        this.known = new Set(variables.map((variable) => variable.name));
        const problems = variables.flatMap((variable) => this.load(variable, env) ?? []);
        if (problems.length === 0) problems.push(...check(this));
        if (problems.length > 0) throw new SettingsError(problems);
    }

    /** Whether the profile names this variable. */
    has(name: string): boolean {
        return this.known.has(name);
    }

    /** The value, or undefined when it is neither set nor has a default. */
    get(name: string): string | undefined {
        if (!this.known.has(name)) throw new Error(`${name} is not a variable of this profile`);
        return this.values.get(name);
    }

    /** The value of a variable that is required or has a default. */
    text(name: string): string {
        const value = this.get(name);
        if (value === undefined) throw new Error(`${name} is not set: mark it as required`);
        return value;
    }

    number(name: string): number {
        return Number(this.text(name));
    }

    flag(name: string): boolean {
        return ["1", "true"].includes(this.text(name));
    }

    list(name: string): string[] {
        return (this.get(name) ?? "").split(",").flatMap((part) => part.trim() || []);
    }

    private load(variable: Variable, env: NodeJS.ProcessEnv): string | undefined {
        const { name, required, rule, secret } = variable;
        const file = env[`${name}_FILE`];
        let value: string | undefined;
        try {
            value = file ? readFileSync(file, "utf8").replace(/\r?\n$/, "") : env[name];
        } catch (error) {
            return `${name}_FILE names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code})`;
        }
        value ||= variable.default;
        if (value === "" && variable.default === "") this.values.set(name, value);
        if (!value) {
            const how = secret ? `set ${name}_FILE to a file that holds it, or ${name} itself` : "set it";
            return required ? `${name} is required: ${how}` : undefined;
        }
        const problem = rule?.(value);
        if (problem !== undefined) return `${name} ${problem}`;
        this.values.set(name, value);
        if (secret) this.secrets.push(value, ...passwordsOf(value));
        return undefined;
    }
}

/** A password inside of a connection string, as it is written there and decoded. */
function passwordsOf(value: string): string[] {
    if (!value.includes("://") || !URL.canParse(value)) return [];
    const { password } = new URL(value);
    return password === "" ? [] : [password, decodeURIComponent(password)];
}
