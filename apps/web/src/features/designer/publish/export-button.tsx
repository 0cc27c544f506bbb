import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { toast } from 'sonner';
import { saveFile } from '../../../lib/save-file.ts';
import { sentenceOf, useTRPCClient } from '../../../lib/trpc.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { useDraft } from '../draft/draft-context.tsx';

/** Saves the draft's document as a file that Import can read. */
export function ExportButton({ save }: { readonly save: () => Promise<number | null> }) {
  const client = useTRPCClient();
  const flow = useDraft((state) => state.flow);
  const run = useMutation({
    mutationFn: async () => {
      await save();
      return client.flows.export.query({ flow });
    },
    onSuccess: ({ fileName, document: text }) => {
      saveFile(fileName, { text, type: 'application/json' });
    },
    onError: (error) => toast(sentenceOf(error)),
  });
  return (
    <IconButton label="Export as a file" onClick={() => run.mutate()} disabled={run.isPending}>
      <Download size={15} strokeWidth={1.5} />
    </IconButton>
  );
}
