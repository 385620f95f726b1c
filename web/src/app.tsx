/** Everything the pages stand on: look, language, requests, toasts, addresses. */
import { MantineProvider } from '@mantine/core';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { I18nextProvider } from 'react-i18next';
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { failureOf, isSignedOut } from './api/failure-words.ts';
import { keys } from './api/queries.ts';
import { cssVariables, theme } from './kit/theme.ts';
import { ToastProvider } from './kit/toast.tsx';
import { routes } from './routes.tsx';
import { speaker } from './text/use-say.ts';

const requests = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (isSignedOut(failureOf(error))) requests.setQueryData(keys.me, null);
    },
  }),
  defaultOptions: {
    queries: { retry: (count, error) => count < 2 && failureOf(error).kind === 'network', staleTime: 5_000 },
  },
});

const router = createBrowserRouter(routes);

export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <I18nextProvider i18n={speaker}>
        <QueryClientProvider client={requests}>
          <ToastProvider>
            <RouterProvider router={router} />
          </ToastProvider>
        </QueryClientProvider>
      </I18nextProvider>
    </MantineProvider>
  );
}
