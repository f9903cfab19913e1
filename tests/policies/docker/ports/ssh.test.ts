import rule from "../../../../policies/docker/ports/ssh";
import { container } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: { "another port": container(), none: container({ ports: undefined }) },
    bad: {
        port: [container({ ports: [{ internal: 22, external: 2222 }] }), "ports[0].internal"],
        daemon: [container({ command: ["/usr/sbin/sshd", "-D"] }), "command[0]"],
    },
    edge: {
        "22 outside only": [container({ ports: [{ internal: 8080, external: 22 }] })],
        "a file that is called so in part": [container({ command: ["cat", "/etc/sshd_config"] })],
        "in a shell's line": [container({ entrypoints: ["sh", "-c", "exec sshd -D"] }), "entrypoints[2]"],
    },
    unknown: {
        "the ports, the command is certain": {
            judged: container({ ports: UNKNOWN, command: ["sshd"] }),
            unknown: ["ports"],
            wrong: ["command[0]"],
        },
    },
});
