/**
 * The kinds of errors, as codes for programs. Compare `error.code`, not the class: two copies of the package may be
 * loaded.
 */
export type ErrorCode =
  | "InvalidInput"
  | "InvalidState"
  | "HostUnreachable"
  | "EngineMismatch"
  | "EngineTooOld"
  | "EngineRefused"
  | "ImageMissing"
  | "ImageMismatch"
  | "NetworkMissing"
  | "NameTaken"
  | "PortTaken"
  | "OwnedByOther"
  | "NotFound"
  | "ProcessExited"
  | "NotReady"
  | "TaskLost"
  | "Vanished"
  | "NoRoom"
  | "StopUnconfirmed"
  | "Unconfirmed"
  | "Overtaken"
  | "Locked"
  | "ChangedByOther"
  | "OutOfSequence"
  | "Interrupted"
  | "Incomplete";

/** An error for people: `message` says what happened, `hint` what to do about it. Neither ever holds an env value. */
export class FormationError extends Error {
  override readonly name = "FormationError";
  readonly hint: string | undefined;
  /** True when waiting does not help. */
  readonly isLasting: boolean;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; isLasting?: boolean | undefined } = {},
  ) {
    super(message, { cause: options.cause });
    this.hint = options.hint;
    this.isLasting = options.isLasting ?? false;
  }
}

/** The error for something that was made, or was there, a moment ago. */
export function vanished(cause: unknown): FormationError {
  return new FormationError("Vanished", explain(cause), { cause, hint: "somebody removed it; run up again" });
}

export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === code;
}

/** The text of an error and its hint; anything else that was thrown, in its own words. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const hint = (error as { hint?: unknown }).hint;
  return typeof hint === "string" ? `${error.message}: ${hint}` : error.message;
}
