import rule from "../../../../policies/docker/dockerfile/update-alone";
import { dockerfile, dockerfileWith, rawDockerfile as raw } from "../../support/docker";
import { specify, UNKNOWN } from "../../support/spec";

specify(rule, {
    good: {
        "with what it is for": dockerfileWith("RUN apt-get update && apt-get install -y x"),
        "apk without a cache": dockerfileWith("RUN apk add --no-cache x"),
    },
    bad: {
        "apt-get": [dockerfile("FROM a:1", "RUN apt-get update"), "stages[0].instructions[0]"],
        apk: [dockerfile("FROM a:1", "RUN apk -q update && rm -rf /x"), "stages[0].instructions[0]"],
        pacman: [dockerfile("FROM a:1", "RUN pacman -Syu --noconfirm && rm -rf /x"), "stages[0].instructions[0]"],
        dnf: [dockerfile("FROM a:1", "RUN dnf -y check-update"), "stages[0].instructions[0]"],
    },
    edge: {
        "yum, for what comes later": [
            dockerfile("FROM a:1", "RUN yum -y update", "RUN yum -y install x"),
            "stages[0].instructions[0]",
        ],
        "dnf, with what it is for": [dockerfile("FROM a:1", "RUN dnf -y update && dnf install -y x")],
        "dnf, of one package": [dockerfile("FROM a:1", "RUN dnf -y update openssl")],
        "pacman, with what it is for": [dockerfile("FROM a:1", "RUN pacman -Sy --noconfirm x")],
        "pacman, before what it is for": [dockerfile("FROM a:1", "RUN pacman -Syu && pacman -S x")],
        "over two lines": [dockerfile("FROM a:1", "RUN apt-get update \\", "  && apt-get install -y x")],
        "a here-document": [dockerfile("FROM a:1", "RUN <<EOF", "apt-get update", "apt-get install -y x", "EOF")],
        "another update": [dockerfile("FROM a:1", "RUN npm update")],
        "in the next instruction": [
            dockerfile("FROM a:1", "RUN apt-get update", "RUN apt-get install -y x"),
            "stages[0].instructions[0]",
        ],
    },
    unknown: {
        text: [
            raw({ stages: [{ instructions: [{ keyword: "RUN", text: UNKNOWN }] }] }),
            "stages[0].instructions[0].text",
        ],
    },
});
