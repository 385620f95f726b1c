/** Starts the mock server for developing the panel: `node tests/browser/mock/main.ts`, then `npm run dev -w web`. */
import { startMock } from './server.ts';

const port = Number(process.env.PORT ?? 8080);
const server = await startMock({ port, startMs: Date.parse('2026-11-27T16:57:20+07:00') });
console.log(
  `The mock town stands at ${server.url}. Sign in as canbo, lanhdao, tinh, kythuat or kiemtra, with any password.`,
);
