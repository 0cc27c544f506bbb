import { type Act, actSchema } from '@windlass/engine/run';

type Option = (typeof actSchema.options)[number];
type OptionOf<Kind extends Act['kind']> = Extract<Option, { shape: { kind: { value: Kind } } }>;

/** The schema of one kind of act, from the engine's own list. */
export function actOf<Kind extends Act['kind']>(kind: Kind): OptionOf<Kind> {
  return actSchema.options.find((option) => option.shape.kind.value === kind) as OptionOf<Kind>;
}
