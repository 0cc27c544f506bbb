import type { ActAnswer, Json } from '@windlass/engine';

/** One question to the person before an act: a reason, and for some acts a value. */
export interface Ask {
  readonly title: string;
  readonly description: string;
  /** Words of the button: its effect. */
  readonly button: string;
  readonly look: 'primary' | 'revert' | 'danger';
  readonly reason: 'needed' | 'optional';
  readonly value?: { readonly label: string; readonly hint: string; readonly initial: Json; readonly shape: 'object' | 'any' };
  readonly choice?: {
    readonly label: string;
    readonly options: readonly { readonly value: string; readonly label: string; readonly button: string }[];
  };
  readonly send: (answer: {
    readonly reason: string;
    readonly value: Json | undefined;
    readonly choice: string | undefined;
  }) => Promise<ActAnswer>;
}
