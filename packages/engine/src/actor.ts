// The author of an act or event: every entry of the logbook names one. The API takes the actor from the session, never from a request.

/** A person, a conductor or the engine itself. */
export interface Actor {
  readonly kind: 'person' | 'conductor' | 'engine';
  /** Stable id, such as `local` for the person of a local session, or a conductor's id. */
  readonly id: string;
  /** Shown to people. */
  readonly name: string;
}

/** Name of the person who acted; null for a conductor or the engine. */
export function personOf({ actor }: { readonly actor: Actor }): string | null {
  return actor.kind === 'person' ? actor.name : null;
}

/** The engine when it acts by its own rules. */
export const ENGINE_ACTOR: Actor = { kind: 'engine', id: 'engine', name: 'engine' };
