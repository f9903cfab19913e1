/** Programs that take a password by a short option, which others have for something else. */
import { isSecretLiteral } from "./secret-looking";

interface PasswordOption {
    readonly programs: readonly string[];
    /** Takes the next word. */
    readonly option: string;
    /** It takes the rest of its own word instead. */
    readonly attached?: true;
    /** What it takes is `user:password`. */
    readonly withUser?: true;
}

const OPTIONS: readonly PasswordOption[] = [
    { programs: ["redis-cli", "valkey-cli", "keydb-cli"], option: "-a" },
    { programs: ["mysql", "mysqladmin", "mysqldump", "mariadb", "mariadb-admin"], option: "-p", attached: true },
    { programs: ["mongo", "mongosh", "sshpass"], option: "-p" },
    { programs: ["sqlcmd"], option: "-P" },
    { programs: ["ldapsearch", "ldapwhoami"], option: "-w" },
    { programs: ["curl"], option: "-u", withUser: true },
    { programs: ["curl"], option: "--user", withUser: true },
];

const PROGRAMS = new Set(OPTIONS.flatMap(({ programs }) => programs));

/** Reads the words of a command, and of the lines of a shell in it, one after the other. */
export class ClientPasswords {
    private program = "";
    private before = "";

    /** Whether the next word is a password, or holds one. */
    has(word: string): boolean {
        const { program, before } = this;
        const name = word.split("/").at(-1)!;
        if (PROGRAMS.has(name)) this.program = name;
        else if (/[|&;]$/.test(word)) this.program = "";
        this.before = word;
        return OPTIONS.some(({ programs, option, attached, withUser }) => {
            if (!programs.includes(program)) return false;
            if (attached ? !word.startsWith(option) : before !== option) return false;
            const given = attached ? word.slice(option.length) : word;
            const password = withUser ? given.replace(/^[^:]*:?/, "") : given;
            return isSecretLiteral("password", password.replace(/[|&;]+$/, ""));
        });
    }
}
