/** Addresses and their pages, each fetched when it is first entered. */
import { Navigate, type RouteObject } from 'react-router';
import { useMe } from './api/me.tsx';
import { Broken } from './shell/broken.tsx';
import { Gate } from './shell/gate.tsx';
import { homeOf } from './shell/places.ts';

function Home() {
  return <Navigate to={homeOf(useMe().person)} replace />;
}

export const routes: RouteObject[] = [
  {
    element: <Gate />,
    errorElement: <Broken />,
    hydrateFallbackElement: <span />,
    children: [
      {
        errorElement: <Broken />,
        children: [
          { path: '/', element: <Home /> },
          {
            path: '/today',
            lazy: async () => ({ Component: (await import('./pages/today/today-page.tsx')).TodayPage }),
          },
          {
            path: '/overview',
            lazy: async () => ({ Component: (await import('./pages/overview/overview-page.tsx')).OverviewPage }),
          },
          {
            path: '/compose',
            lazy: async () => ({ Component: (await import('./pages/compose/compose-page.tsx')).ComposePage }),
          },
          {
            path: '/inbox',
            lazy: async () => ({ Component: (await import('./pages/inbox/inbox-page.tsx')).InboxPage }),
          },
          {
            path: '/approvals',
            lazy: async () => ({ Component: (await import('./pages/approvals/approvals-page.tsx')).ApprovalsPage }),
          },
          {
            path: '/import',
            lazy: async () => ({ Component: (await import('./pages/import/import-page.tsx')).ImportPage }),
          },
          {
            path: '/bulletins',
            lazy: async () => ({ Component: (await import('./pages/bulletins/bulletins-page.tsx')).BulletinsPage }),
          },
          { path: '/week', lazy: async () => ({ Component: (await import('./pages/week/week-page.tsx')).WeekPage }) },
          {
            path: '/airings/:id',
            lazy: async () => ({ Component: (await import('./pages/airing/airing-page.tsx')).AiringPage }),
          },
          {
            path: '/emergency',
            lazy: async () => ({ Component: (await import('./pages/emergency/emergency-page.tsx')).EmergencyPage }),
          },
          {
            path: '/clusters',
            lazy: async () => ({ Component: (await import('./pages/clusters/clusters-page.tsx')).ClustersPage }),
          },
          {
            path: '/clusters/:id',
            lazy: async () => ({ Component: (await import('./pages/clusters/cluster-page.tsx')).ClusterPage }),
          },
          {
            path: '/hours',
            lazy: async () => ({ Component: (await import('./pages/hours/hours-page.tsx')).HoursPage }),
          },
          { path: '/log', lazy: async () => ({ Component: (await import('./pages/log/log-page.tsx')).LogPage }) },
          { path: '*', element: <Home /> },
        ],
      },
    ],
  },
];
