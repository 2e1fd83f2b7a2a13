import * as loader from "node:module";

// Newer versions of Node keep what they have compiled. It has to be asked for before anything else is loaded.
(loader as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();
