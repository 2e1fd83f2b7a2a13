import type { Fate } from "./wire";

/** Fields that an incomplete answer may lack; the call's number chooses one. */
const LEFT_OUT = ["Labels", "Id", "State", "Volumes", "ID", "NCPU", "Names", "ImageID"];

/** An answer, without the chosen field if it is a `bare` one. */
export function left<T>(fate: Fate, number: number, answer: T): T {
  if (fate !== "bare") return answer;
  const omitted = LEFT_OUT[number % LEFT_OUT.length];
  const without = (value: unknown): unknown =>
    typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== omitted))
      : value;
  return (Array.isArray(answer) ? answer.map(without) : without(answer)) as T;
}
