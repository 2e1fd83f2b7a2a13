/** @param {string} name @param {object} [more] */
const project = (name, more) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  testEnvironment: "node",
  transform: {
    "\\.ts$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2022" },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  // The examples import the package by its name, as programs do.
  moduleNameMapper: {
    "^pulumi-formation$": "<rootDir>/sdk",
    "^pulumi-formation/monitor$": "<rootDir>/cli/monitor",
    "^pulumi-formation/guards$": "<rootDir>/provider/policy",
  },
  // Copies of this package.json that a run leaves behind must not be taken for this package.
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/\\.demo/"],
  ...more,
});

// jest reads testTimeout for all projects together only, so the slow ones set it in a file.
const slow = { setupFilesAfterEnv: ["<rootDir>/jest.slow.js"] };

/** @type {import("jest").Config} */
module.exports = {
  projects: [project("unit"), project("engine", slow), project("e2e", slow)],
};
