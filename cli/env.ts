/** Environment variables, as a command was started with them. */
export type Env = Readonly<Record<string, string | undefined>>;
