/** Configs that must be refused: what is wrong, the config, the key that the message must name, and words of the rule. */
import { BACKUP } from "./backup";
import type { Broken } from "./case";
import { POSTGRES, SECRETS, VOLUMES } from "./data";
import { IMAGES } from "./images";
import { KUBERNETES } from "./kubernetes";
import { OPERATED } from "./operator";
import { ENV, RESOURCES, SERVICES } from "./services";
import { STORES } from "./stores";
import { CERTIFICATE, DOMAIN, EDGE, TOP } from "./stack";

export const BROKEN: Broken[] = [
    ...TOP,
    ...DOMAIN,
    ...EDGE,
    ...CERTIFICATE,
    ...BACKUP,
    ...IMAGES,
    ...KUBERNETES,
    ...SERVICES,
    ...STORES,
    ...OPERATED,
    ...RESOURCES,
    ...ENV,
    ...POSTGRES,
    ...VOLUMES,
    ...SECRETS,
];
