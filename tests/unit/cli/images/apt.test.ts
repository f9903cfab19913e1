import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { parseDeb822, parseList, readAptSetup, sourcesFor } from "../../../../packages/cli/src/images/apt";

let etcApt: string;

beforeEach(() => {
    etcApt = mkdtempSync(join(tmpdir(), "groundwork-apt-"));
    mkdirSync(join(etcApt, "sources.list.d"));
});
afterEach(() => rmSync(etcApt, { recursive: true, force: true }));

function read(env: Record<string, string> = {}, conf = "") {
    return readAptSetup(etcApt, env, () => Promise.resolve(conf));
}

describe("the host's apt set-up", () => {
    it("is read from both formats of sources", () => {
        expect(
            parseList("# deb http://no x main\ndeb [arch=amd64 signed-by=/k] http://a/debian/ bookworm main contrib\n"),
        ).toEqual([{ uri: "http://a/debian", suites: ["bookworm"] }]);
        expect(
            parseDeb822(
                "Types: deb deb-src\n# comment\nURIs: http://b/debian\nSuites: bookworm bookworm-updates\n\nTypes: deb\nEnabled: no\nURIs: http://c\nSuites: x\n",
            ),
        ).toEqual([{ uri: "http://b/debian", suites: ["bookworm", "bookworm-updates"] }]);
    });

    it("gives the mirrors, whatever suite the host runs", async () => {
        writeFileSync(join(etcApt, "sources.list"), "deb http://mirror.example/debian bookworm main\n");
        writeFileSync(
            join(etcApt, "sources.list.d/security.sources"),
            "Types: deb\nURIs: http://mirror.example/debian-security\nSuites: bookworm-security\nComponents: main\n",
        );
        writeFileSync(join(etcApt, "sources.list.d/vendor.list"), "deb https://vendor.example/apt stable main\n");
        const setup = await read();
        expect(setup).toMatchObject({
            mirror: "http://mirror.example/debian",
            securityMirror: "http://mirror.example/debian-security",
        });
        expect(sourcesFor(setup, "trixie", ["main"])).toMatch(
            /URIs: http:\/\/mirror.example\/debian\nSuites: trixie trixie-updates\n/,
        );
    });

    it("is Debian's own where the host has none", async () => {
        expect(await read()).toEqual({
            mirror: "http://deb.debian.org/debian",
            securityMirror: "http://deb.debian.org/debian-security",
            conf: "",
            proxies: {},
        });
    });

    it("passes proxies by variables only, and other settings as they are", async () => {
        const conf =
            'Acquire::http::Proxy "http://user:secret@proxy:3128";\nAcquire::Check-Valid-Until "false";\nAcquire::cdrom::mount "/x";\nDir "/";';
        expect(await read({ no_proxy: "localhost" }, conf)).toMatchObject({
            conf: 'Acquire::Check-Valid-Until "false";',
            proxies: { http_proxy: "http://user:secret@proxy:3128", no_proxy: "localhost" },
        });
        expect((await read({ HTTP_PROXY: "http://env:1" }, conf)).proxies.http_proxy).toBe("http://env:1");
    });
});
