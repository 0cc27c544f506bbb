import type { ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import { needsSession, sentenceOf } from '../lib/trpc.ts';
import { Button } from '../ui/button.tsx';

/** Shown instead of a screen that failed: says why and what to do. */
export function ScreenFailed({ error, reset }: { readonly error: unknown; readonly reset?: () => void }) {
  if (needsSession(error)) return <NoSession />;
  return (
    <Page title="This screen could not be shown">
      <p>{error instanceof Error && !('data' in error) ? error.message : sentenceOf(error)}</p>
      <p>Jobs go on, whatever happens in a browser.</p>
      <div className="flex gap-2">
        {reset !== undefined && <Button onClick={reset}>Try again</Button>}
        <Button onClick={() => location.assign('/')}>Go to the start</Button>
      </div>
    </Page>
  );
}

/** No session in this browser yet. */
export function NoSession() {
  return (
    <Page title="This browser has no session">
      <p>
        Open the address that the server printed when it started; it works once. If it was used already, stop the server with Ctrl-C and
        start it again: it prints a new one, and running jobs go on.
      </p>
    </Page>
  );
}

export function NotFound() {
  return (
    <Page title="There is nothing at this address">
      <p>
        Perhaps it was removed.{' '}
        <Link to="/flows" className="text-accent-fg underline">
          See the flows
        </Link>{' '}
        or{' '}
        <Link to="/jobs" className="text-accent-fg underline">
          the jobs
        </Link>
        .
      </p>
    </Page>
  );
}

function Page({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="mx-auto flex max-w-[60ch] flex-col gap-3 px-6 py-20 text-13 text-fg-2">
      <h1 className="text-20 font-semibold text-fg">{title}</h1>
      {children}
    </div>
  );
}
