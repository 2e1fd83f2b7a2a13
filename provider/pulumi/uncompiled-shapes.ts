import * as z from "zod";

// The provider checks a value or two against each shape before it ends: compiling a parser would take longer.
z.config({ jitless: true });
