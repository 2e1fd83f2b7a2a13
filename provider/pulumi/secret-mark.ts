// Mark of what is secret, on Pulumi's wire and in its states: a record with this key and value.
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
