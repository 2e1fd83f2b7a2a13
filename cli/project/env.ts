/** Environment variables that a command was started with. */
export type Env = Readonly<Record<string, string | undefined>>;
