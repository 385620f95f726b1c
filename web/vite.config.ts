import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// While developing, the API is another process: the real server or the mock town.
const server = process.env.LOA_SERVER ?? 'http://127.0.0.1:8080';

// The floor is what offices really have: Chrome 109 on Windows 7, iPhones of 2023, Firefox ESR 115.
export default defineConfig({
  plugins: [react()],
  build: { target: ['chrome109', 'edge109', 'safari16.4', 'firefox115'], outDir: 'dist', emptyOutDir: true },
  server: { proxy: { '/api': { target: server, ws: true } } },
});
