import type { DefinitionDiff, FieldChange, Json } from '@windlass/engine/definition';
import { ChangeMark } from './change-mark.tsx';

const MOST = 160;

/** The differences, item by item and field by field. */
export function ChangeList({ diff, names }: { readonly diff: DefinitionDiff; readonly names: readonly [string, string] }) {
  const { added, removed, changed, flow } = diff;
  const isSame = added.length + removed.length + changed.length + flow.length === 0;
  return (
    <section aria-label="Differences" className="w-[400px] shrink-0 overflow-auto border-l border-line bg-surface text-12">
      <h2 className="border-b border-line px-4 py-2 text-11 font-semibold text-fg-3">
        {isSame
          ? 'No difference in what runs'
          : `${added.length} added, ${removed.length} removed, ${changed.length} changed from ${names[0]} to ${names[1]}`}
      </h2>
      {isSame && (
        <p className="px-4 py-3 text-fg-3">Positions on the canvas are not compared, because they do not change how the flow runs.</p>
      )}
      <ul>
        {flow.length > 0 && (
          <li className="border-b border-line px-4 py-2">
            <span className="font-medium">The flow itself</span>
            <Fields fields={flow} names={names} />
          </li>
        )}
        {added.map(({ item, name }) => (
          <One key={item} change="added" name={name} item={item} />
        ))}
        {removed.map(({ item, name }) => (
          <One key={item} change="removed" name={name} item={item} />
        ))}
        {changed.map(({ item, name, fields }) => (
          <li key={item} className="border-b border-line px-4 py-2">
            <Head change="changed" name={name} item={item} />
            <Fields fields={fields} names={names} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface OneProps {
  readonly change: 'added' | 'removed' | 'changed';
  readonly name: string;
  readonly item: string;
}

function One(props: OneProps) {
  return (
    <li className="border-b border-line px-4 py-2">
      <Head {...props} />
    </li>
  );
}

function Head({ change, name, item }: OneProps) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <ChangeMark change={change} />
      <span className="truncate font-medium">{name}</span>
      <span className="truncate font-mono text-10 text-fg-3">{item}</span>
    </span>
  );
}

function Fields({ fields, names }: { readonly fields: readonly FieldChange[]; readonly names: readonly [string, string] }) {
  return (
    <dl className="mt-1 grid gap-1.5">
      {fields.map(({ field, before, after }) => (
        <div key={field}>
          <dt className="text-11 text-fg-2">{field}</dt>
          <dd className="grid grid-cols-[28px_1fr] gap-x-2 font-mono text-11">
            <span className="text-fg-3">{names[0]}</span>
            <span className="break-all text-st-failed-fg">{words(before)}</span>
            <span className="text-fg-3">{names[1]}</span>
            <span className="break-all text-st-success-fg">{words(after)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function words(value: Json | undefined): string {
  if (value === undefined) return 'none';
  const text = JSON.stringify(value);
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
