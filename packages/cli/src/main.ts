import { buildProgram } from "./program";

void buildProgram()
    .run(process.argv)
    .then((code) => {
        process.exitCode = code;
    });
