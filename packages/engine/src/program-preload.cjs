"use strict";
// Loaded before the program: takes its environment from a pipe, so that config secrets are in no process listing.
const fs = require("node:fs");

Object.assign(process.env, JSON.parse(fs.readFileSync(3, "utf8")));
fs.closeSync(3);
