import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["node_modules/", ".data/", ".venv/"] },
  js.configs.recommended,
  {
    files: ["static/**/*.js"],
    languageOptions: { globals: { ...globals.browser, ...globals.serviceworker, L: "readonly" } },
    rules: {
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "none" }],
    },
  },
  { files: ["tests/browser_js/**/*.mjs"], languageOptions: { globals: globals.node } },
];
