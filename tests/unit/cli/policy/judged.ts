/** Results of judging one text, for the tests of what is written of them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { judge, type Judged } from "../../../../packages/cli/src/policy/judge";
import { temporary } from "../fixtures";

/** A pod that violates much; the name is anybody's. */
export function pod(name = "app", more = ""): string {
    return `apiVersion: v1
kind: Pod
metadata:
  name: ${JSON.stringify(name)}
  namespace: shop
spec:
  hostNetwork: true
  containers:
    - name: app
      image: app:latest
      securityContext:
        privileged: true
${more}`;
}

/** In prod, by all rules. @param files by name: their text; waivers.yaml is taken for waivers, config.json for a configuration */
export function judged(files: Record<string, string>): Judged {
    const dir = temporary();
    for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(dir, name)), { recursive: true });
        writeFileSync(join(dir, name), text);
    }
    const { "waivers.yaml": waivers, "config.json": configuration, ...judgedFiles } = files;
    return judge({
        paths: Object.keys(judgedFiles).map((name) => join(dir, name)),
        environment: "prod",
        waivers: waivers === undefined ? undefined : join(dir, "waivers.yaml"),
        configuration: configuration === undefined ? undefined : join(dir, "config.json"),
    });
}
