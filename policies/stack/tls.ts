import { flagAt, join, keyIn, mapAt, textAt } from "../core/raw";
import { PROD_ONLY } from "../core/rule";
import { soc2 } from "../frameworks/soc2";
import { platformRule } from "./platform";

/** `fronted`: what ends TLS is an Ingress or a Gateway, which has rules of its own. */
const TRUSTED = ["acme", "certificate", "fronted"];

export default platformRule({
    id: "GW-STK-011",
    slug: "tls",
    title: "In prod browsers trust the edge, and what goes to stores outside is encrypted",
    why: "Users learn to click a warning away that will be there on the day of an attack too. What goes to somebody else's database in the clear is read by whoever is on the way.",
    remedy: "Set groundwork:tls.mode to acme or certificate, and leave groundwork:stores.<store>.tls on.",
    severity: "high",
    levels: PROD_ONLY,
    references: soc2("CC6.7"),
    check({ raw }, report) {
        report.attempt(() => {
            if (!TRUSTED.includes(textAt(raw, "tls", "edge") ?? "")) {
                report("tls.edge", "must be a certificate that browsers trust: acme, certificate");
            }
        });
        const stores = mapAt(raw, "tls", "stores");
        for (const name of Object.keys(stores)) {
            const path = join("tls.stores", keyIn(name));
            report.attempt(() => {
                if (flagAt(raw, "tls", "stores", name) !== true) report(path, "must be encrypted");
            });
        }
    },
});
