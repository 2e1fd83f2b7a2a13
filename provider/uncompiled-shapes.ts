import * as z from "zod";

// The provider holds each shape against a value or two before it ends: compiling a parser for it takes longer.
z.config({ jitless: true });
