/**
 * The entry of a record whose keys people have chosen: a type, an app or a service may be called `constructor`, which
 * every object has by itself.
 */
export function entryOf<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
