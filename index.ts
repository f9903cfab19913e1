import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
const p = new random.RandomPassword("p", { length: 12 });
export const x = pulumi.interpolate`hi ${p.length}`;
