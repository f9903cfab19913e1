import js from "@eslint/js";
import tseslint from "typescript-eslint";

export default tseslint.config(
    { ignores: ["**/node_modules/**", ".groundwork/**", "reports/**"] },
    js.configs.recommended,
    ...tseslint.configs.recommended,
    {
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        files: ["**/*.ts"],
        rules: {
            "@typescript-eslint/no-floating-promises": "error",
            "@typescript-eslint/no-misused-promises": "error",
            "@typescript-eslint/await-thenable": "error",
            "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
            "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
            "max-lines": ["error", { max: 300, skipBlankLines: true, skipComments: true }],
            eqeqeq: "error",
            "no-duplicate-imports": "error",
        },
    },
    {
        // What runs in browsers.
        files: ["packages/cli/src/policy/html/*.js"],
        languageOptions: {
            sourceType: "script",
            globals: Object.fromEntries(
                [
                    ...["addEventListener", "document", "FormData", "history", "localStorage", "location"],
                    ...["matchMedia", "setTimeout", "URLSearchParams"],
                ].map((name) => [name, "readonly"]),
            ),
        },
    },
    {
        files: ["**/*.cjs"],
        languageOptions: {
            sourceType: "commonjs",
            globals: Object.fromEntries(
                ["process", "console", "require", "module", "__dirname", "__filename", "Buffer", "URL"].map((name) => [
                    name,
                    "readonly",
                ]),
            ),
        },
        rules: { "@typescript-eslint/no-require-imports": "off" },
    },
);
