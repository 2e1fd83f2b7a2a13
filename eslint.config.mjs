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

/** Which folder may import what. @param {string} own what leads to provider/core itself */
const core = (own) => [
  {
    regex: `^(?!${own}|zod$|node:crypto$|node:net$)|^\\./(.*/)?\\.\\./`,
    message: "provider/core is pure: it imports provider/core and zod only.",
  },
  {
    group: ["node:crypto"],
    allowImportNames: ["createHash", "createHmac"],
    message: "provider/core takes digests from node:crypto; chance comes in as an argument.",
  },
  { group: ["node:net"], allowImportNames: ["isIP", "isIPv4", "isIPv6"], message: "provider/core does no I/O." },
];
const client = {
  regex: "^dockerode",
  message: "The project has a client of its own, provider/hosts/engine-http.ts: dockerode is for tests.",
};
const imports = {
  core: core("\\./"),
  coreFolders: core("\\./|\\.\\./[^.]"),
  hosts: [
    { regex: "^@pulumi/", message: "provider/hosts knows engines, not Pulumi: adapters translate." },
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
  sdk: [{ regex: "/hosts(/|$)", message: "sdk/ runs in the user's program: it never contacts a host." }, client],
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

  { files: ["provider/**/*.ts"], rules: { "no-restricted-imports": ["error", { patterns: imports.provider }] } },
  { files: ["provider/hosts/**/*.ts"], rules: { "no-restricted-imports": ["error", { patterns: imports.hosts }] } },
  { files: ["cli/**/*.ts"], rules: { "no-restricted-imports": ["error", { patterns: imports.cli }] } },
  { files: ["cli/runtime/**/*.ts"], rules: { "no-restricted-imports": ["error", { patterns: imports.runtime }] } },
  { files: ["sdk/**/*.ts"], rules: { "no-restricted-imports": ["error", { patterns: imports.sdk }] } },
  {
    files: ["provider/core/**/*.ts"],
    rules: {
      "no-restricted-imports": ["error", { patterns: imports.core }],
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
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: "Time comes in as an argument.",
        },
        { selector: "CallExpression[callee.name='Date']", message: "Time comes in as an argument." },
        { selector: "ImportExpression", message: "provider/core imports at the top of a file." },
        { selector: "TSImportEqualsDeclaration", message: "provider/core imports with `import … from`." },
      ],
    },
  },

  {
    files: ["provider/core/*/**/*.ts"],
    rules: { "no-restricted-imports": ["error", { patterns: imports.coreFolders }] },
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
