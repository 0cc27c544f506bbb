import type { Json, JsonObject } from '@windlass/engine/definition';
import type { ActAnswer, StoredValue } from '@windlass/engine/run';

/** A task by its address and name, and the input of its last attempt. */
export interface TaskInput {
  readonly atom: string;
  readonly name: string;
  readonly input: JsonObject;
  /** Set where the input is over 8 KB and is not here. */
  readonly inputAt: StoredValue | null;
}

/** One question to the person before an act: a reason, and for some acts a value. */
export interface Ask {
  readonly title: string;
  readonly description: string;
  /** Text of the button, which names its effect. */
  readonly button: string;
  readonly look: 'primary' | 'revert' | 'danger';
  readonly reason: 'needed' | 'optional';
  readonly value?: {
    readonly label: string;
    readonly hint: string;
    readonly initial: Json;
    /** It stands in the logbook: left as it is, it is not sent. */
    readonly isRecorded?: true;
    /** Set where the recorded value is over 8 KB and is not here. */
    readonly at?: StoredValue | null;
    readonly shape: 'object' | 'any';
  };
  readonly choice?: {
    readonly label: string;
    readonly options: readonly { readonly value: string; readonly label: string; readonly button: string }[];
  };
  /** Tasks that will be applied again, with their last inputs, which the person may edit. */
  readonly inputs?: readonly TaskInput[];
  readonly send: (answer: {
    readonly reason: string;
    /** Undefined for an act without a value, and where a person left a recorded value as it is. */
    readonly value: Json | undefined;
    readonly choice: string | undefined;
    /** Only the edited inputs, by address. */
    readonly parameters: { readonly [atom: string]: JsonObject };
  }) => Promise<ActAnswer>;
}
