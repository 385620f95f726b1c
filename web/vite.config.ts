import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// While developing, the API is another process: the real server or the mock town.
const server = process.env.LOA_SERVER ?? 'http://127.0.0.1:8080';

/** Smaller than this a file travels in one packet anyway. */
const compressedFromBytes = 1_400;

/** Writes each text file compressed beside itself, so that the server only picks one (brotli needs https, gzip does not). */
function compressed(outDir: string): Plugin {
  return {
    name: 'compressed-beside',
    apply: 'build',
    async closeBundle() {
      const files = await readdir(outDir, { recursive: true });
      for (const file of files.filter((name) => /\.(js|css|svg|html)$/.test(name))) {
        const path = join(outDir, file);
        const bytes = await readFile(path);
        if (bytes.length < compressedFromBytes) continue;
        await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }));
        await writeFile(`${path}.br`, brotliCompressSync(bytes));
      }
    },
  };
}

// The floor is what offices really have: Chrome 109 on Windows 7, iPhones of 2023, Firefox ESR 115.
export default defineConfig({
  plugins: [react(), compressed(join(import.meta.dirname, 'dist'))],
  build: { target: ['chrome109', 'edge109', 'safari16.4', 'firefox115'], outDir: 'dist', emptyOutDir: true },
  server: { proxy: { '/api': { target: server, ws: true } } },
});
