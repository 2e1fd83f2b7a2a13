import { setTimeout as delay } from "node:timers/promises";
import type { CliContext } from "../context";
import { REREAD_MS, renewed, type Subject } from "../observe/subject";
import { addedLines, auditEntries } from "./audit";
import type { Entry } from "./entry";
import { Follower, type Following } from "./follow";
import { Window } from "./window";

/** Lines of different hosts that arrive within this time are put in order. */
const HOLD_MS = 250;
export interface GoingOn extends Subject, Pick<Following, "isMeant" | "positions" | "begin"> {
  readonly withAudit: boolean;
  /** Writes entries; resolves when more can be taken. */
  readonly write: (entries: readonly Entry[]) => Promise<void>;
}

/** Passes on all output from now on, including that of processes and hosts that are added later. Never ends. */
export async function goOn(context: CliContext, going: GoingOn): Promise<never> {
  const { app, isMeant, positions, begin, withAudit } = going;
  let room = Promise.resolve();
  const window = new Window<Entry>(HOLD_MS, (entries) => {
    room = going.write(entries);
  });
  const push = async (entry: Entry): Promise<void> => {
    window.push(entry);
    await room;
  };
  const following: Following = {
    app,
    isMeant,
    positions,
    begin,
    push,
    warn: context.note,
    signal: new AbortController().signal,
  };
  const followed = new Set<string>();
  const followNew = ({ viewers }: Subject): void => {
    for (const viewer of viewers) {
      if (followed.has(viewer.address)) continue;
      followed.add(viewer.address);
      void new Follower(viewer, following).run();
    }
  };
  followNew(going);

  const interval = REREAD_MS[context.project().backend.kind];
  for (let known: Subject = going; ;) {
    await delay(interval);
    // A state that is being written cannot be read: try again next time.
    const now: Subject = await renewed(known, context).catch(() => known);
    followNew(now);
    if (withAudit) for (const entry of auditEntries(addedLines(known.app.log, now.app.log))) await push(entry);
    known = now;
  }
}
