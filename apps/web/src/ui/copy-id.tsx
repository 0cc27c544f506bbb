import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from './icon-button.tsx';

/** An id, or a link, with a button that copies it. */
export function CopyId({ id, what = 'id' }: { readonly id: string; readonly what?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(id).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1_500);
    });
  };
  return (
    <span className="inline-flex items-center gap-0.5 font-mono text-11 text-fg-3">
      <span className="min-w-0 break-all">{id}</span>
      <IconButton label={copied ? 'Copied' : `Copy ${what}`} size="small" onClick={copy}>
        {copied ? <Check size={12} /> : <Copy size={12} />}
      </IconButton>
    </span>
  );
}
