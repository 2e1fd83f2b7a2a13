import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const typescript = ["**/*.ts"];
const scripts = ["**/*.{mjs,js}"];
const nodeGlobals = "process console URL URLSearchParams Buffer fetch performance AbortController AbortSignal".split(
  " ",
);
const timers = ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "setImmediate"];
const commonJs = ["module", "exports", "require", "__dirname", "__filename"];
const readonly = (/** @type {string[]} */ names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

const client = {
  regex: "^dockerode",
  message: "The project has a client of its own, provider/engine/client.ts: dockerode is for tests.",
};
/** What decides: plain data in, plain data out. Who may import whom among our own files, scripts/structure.mjs says. */
/** TypeScript finds no property too many in a literal that is spread. */
const writtenOut = {
  selector:
    ":matches(ObjectExpression > SpreadElement > ObjectExpression, ArrayExpression > SpreadElement > ArrayExpression)",
  message: "Write it out.",
};
const pure = ["provider/core/**/*.ts", "provider/orchestrators/*/plan/**/*.ts"];
const imports = {
  pure: [
    {
      regex: "^(?!\\.|zod$|node:crypto$|node:net$)",
      message: "What decides is pure: it imports its like and zod only.",
    },
    {
      group: ["node:crypto"],
      allowImportNames: ["createHash", "createHmac"],
      message: "What decides takes digests from node:crypto; chance comes in as an argument.",
    },
    { group: ["node:net"], allowImportNames: ["isIP", "isIPv4", "isIPv6"], message: "What decides does no I/O." },
  ],
  engines: [
    { regex: "^@pulumi/", message: "Only provider/pulumi knows Pulumi: adapters translate." },
    { regex: "/sdk(/|$)", message: "provider/ does not depend on sdk/." },
    client,
  ],
  provider: [{ regex: "/sdk(/|$)", message: "provider/ does not depend on sdk/." }, client],
  cli: [
    client,
    {
      regex: "^@pulumi/",
      message: "cli/ starts the Pulumi command: loading the SDK takes longer than most commands do.",
    },
    { regex: "/sdk(/|$)", message: "cli/ does not depend on sdk/." },
  ],
  runtime: [
    {
      regex: "^@pulumi/(?!pulumi/proto/)",
      message: "cli/runtime speaks to Pulumi: of its SDK it loads the messages alone.",
    },
    { regex: "/sdk(/|$)", message: "cli/ does not depend on sdk/." },
  ],
  sdk: [
    { regex: "/(engine|orchestrators)(/|$)", message: "sdk/ runs in the user's program: it never contacts a host." },
    client,
  ],
};

export default defineConfig(
  globalIgnores(["**/node_modules/", "dist/", "coverage/", ".demo/", ".cache/", "bench/results/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },

  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: "error",
      "no-restricted-syntax": ["error", writtenOut],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  {
    files: ["test/**/*.ts", "bench/**/*.ts", "examples/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    files: ["provider/**/*.ts", "sdk/**/*.ts", "cli/**/*.ts"],
    rules: { "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: false }] },
  },
  // Written by `npm run schema`.
  { files: ["sdk/args.ts", "sdk/outputs.ts"], rules: { "max-lines": "off" } },

  { files: ["provider/**/*.ts"], rules: { "no-restricted-imports": ["error", { patterns: imports.provider }] } },
  {
    files: ["provider/{engine,orchestrators,lifecycle}/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: imports.engines }] },
  },
  { files: ["cli/**/*.ts"], rules: { "no-restricted-imports": ["error", { patterns: imports.cli }] } },
  { files: ["cli/runtime/**/*.ts"], rules: { "no-restricted-imports": ["error", { patterns: imports.runtime }] } },
  { files: ["sdk/**/*.ts"], rules: { "no-restricted-imports": ["error", { patterns: imports.sdk }] } },
  {
    files: pure,
    rules: {
      "no-restricted-imports": ["error", { patterns: imports.pure }],
      "no-restricted-globals": [
        "error",
        ...[
          "process",
          "console",
          "fetch",
          "performance",
          "crypto",
          "globalThis",
          "global",
          "queueMicrotask",
          ...timers,
        ],
        ...commonJs,
      ],
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: "Time comes in as an argument." },
        { object: "Math", property: "random", message: "Chance comes in as an argument." },
      ],
      "no-restricted-syntax": [
        "error",
        writtenOut,
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: "Time comes in as an argument.",
        },
        { selector: "CallExpression[callee.name='Date']", message: "Time comes in as an argument." },
        { selector: "ImportExpression", message: "What decides imports at the top of a file." },
        { selector: "TSImportEqualsDeclaration", message: "What decides imports with `import … from`." },
      ],
    },
  },

  {
    files: scripts,
    extends: [tseslint.configs.recommended],
    languageOptions: { globals: readonly([...nodeGlobals, ...timers]) },
    rules: {
      eqeqeq: "error",
      "no-undef": "error",
      "prefer-const": "error",
      "@typescript-eslint/no-require-imports": "off",
    },
  },
  { files: ["**/*.js"], languageOptions: { sourceType: "commonjs", globals: readonly(commonJs) } },
  {
    files: ["cli/dashboard/*.js"],
    languageOptions: { sourceType: "script", globals: readonly(["document", "EventSource"]) },
  },
  { files: ["jest.slow.js", "test/**/*.js"], languageOptions: { globals: readonly(["jest"]) } },
);
