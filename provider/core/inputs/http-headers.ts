import * as z from "zod";
import { expectingSecret, maybe, text } from "./shape";

// Headers that a check over HTTP sends. A value may be a secret: no fault shows one.

/** A token, as HTTP defines it. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** Headers that frame a request instead of describing it, so that the client itself has to set them. */
const OF_THE_CONNECTION = new Set([
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const NAME_RULE = "the name of a header such as Host, which is not one of the connection's own";
/** Visible characters, and spaces or tabs between them: a line break would begin another header. */
const VALUE = /^[\x21-\x7e]([\t\x20-\x7e]*[\x21-\x7e])?$/;
const LONGEST = 4096;
const VALUE_RULE = `1 to ${LONGEST} visible characters of ASCII, without line breaks`;
const RULE = 'an object such as { Host: "shop.example.com" }, each name once';

const isName = (name: string) => NAME.test(name) && !OF_THE_CONNECTION.has(name.toLowerCase());

export const headers = z
  .record(
    text(NAME_RULE, isName),
    maybe(
      z
        .string({ error: expectingSecret(VALUE_RULE) })
        .refine((value) => VALUE.test(value) && value.length <= LONGEST, { error: () => `is not ${VALUE_RULE}` }),
    ),
    { error: expectingSecret(RULE) },
  )
  .refine((given) => new Set(Object.keys(given).map((name) => name.toLowerCase())).size === Object.keys(given).length, {
    error: () => "has a name twice, in capitals and small letters: leave one of them out",
  });
