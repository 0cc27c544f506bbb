import './lib/no-eval.ts';
import './styles/app.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Tooltip } from 'radix-ui';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Toaster } from 'sonner';
import { makeQueryClient, TRPCProvider, trpcClient } from './lib/trpc.ts';
import { router } from './shell/routes.tsx';

const queryClient = makeQueryClient();
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root.');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        <Tooltip.Provider delayDuration={400}>
          <RouterProvider router={router} />
          <Toaster
            position="bottom-right"
            toastOptions={{ className: '!rounded-3 !border-line !bg-surface !text-fg !text-12 !shadow-2' }}
          />
        </Tooltip.Provider>
      </TRPCProvider>
    </QueryClientProvider>
  </StrictMode>,
);
