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
  // The server writes this one name into the worker: what it keeps (disaster/config/shells.py).
  { files: ["static/shared/worker.js"], languageOptions: { globals: { KEPT: "readonly" } } },
  { files: ["tests/browser_js/**/*.mjs"], languageOptions: { globals: globals.node } },
];
