/**
 * Node's HTTP client and server without what nobody here uses: `import http from 'node:http'` reads all that the module
 * offers, its WebSocket among it, and with that loads undici (16 MB resident, measured on Node 26, x86-64).
 */

/** `node:http`. */
export const http = process.getBuiltinModule('node:http');

/** `node:https`. */
export const https = process.getBuiltinModule('node:https');
