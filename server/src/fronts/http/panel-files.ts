/**
 * Serves the built panel. Files named by their content are cached for ever, the page itself is asked for anew each
 * time, and a path of the panel's own router gets the page. Before the panel is built, a plain page says what to run.
 */
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Disk } from '../../edges/disk.ts';

/** Vite puts what it names by content here. */
const hashedPath = '/assets/';

const notBuiltPage = `<!doctype html><html lang="vi"><meta charset="utf-8"><title>Loa</title>
<h1>Loa</h1><p>Trang điều khiển chưa được dựng. Hãy chạy <code>npm run build</code> trong thư mục của Loa, rồi tải lại trang này.</p>
<p>The panel has not been built. Run <code>npm run build</code> in Loa's folder, then load this page again.</p>`;

/** What serving the panel needs. */
export interface PanelFiles {
  panelDir: string;
  disk: Pick<Disk, 'sizeBytes'>;
}

/** Adds the panel's files. */
export async function addPanelFiles(app: FastifyInstance, room: PanelFiles): Promise<void> {
  await app.register(fastifyStatic, {
    root: room.panelDir,
    prefix: '/',
    index: false,
    dotfiles: 'ignore',
    cacheControl: false,
    preCompressed: true,
    suppressWarning: true,
    setHeaders: (reply, path) => {
      const isHashed = path.startsWith(join(room.panelDir, hashedPath));
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  app.get('/', { schema: { hide: true } }, (_request, reply) => sendPage(reply, room));
}

/** True for a path that the panel's router may own: not an API, not a device's door, not a file. */
export function isPanelPath(request: FastifyRequest): boolean {
  const path = request.url.split('?')[0] ?? '/';
  const isOurs = /^\/(api|device|mqtt|assets)(\/|$)/.test(path) || /\.[a-z0-9]+$/i.test(path);
  return (request.method === 'GET' || request.method === 'HEAD') && !isOurs;
}

/** Answers with the panel's page. */
export async function sendPage(reply: FastifyReply, room: PanelFiles): Promise<FastifyReply> {
  const isBuilt = (await room.disk.sizeBytes(join(room.panelDir, 'index.html'))) !== undefined;
  if (isBuilt) return reply.code(200).sendFile('index.html', room.panelDir);
  return reply.code(200).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(notBuiltPage);
}
