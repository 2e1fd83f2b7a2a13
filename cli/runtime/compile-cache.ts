import * as loader from "node:module";

// Newer versions of Node can cache compiled code. The cache must be enabled before anything else is loaded.
(loader as { readonly enableCompileCache?: () => unknown }).enableCompileCache?.();
