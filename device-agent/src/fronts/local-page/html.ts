/**
 * The frame of the board's own page: large words in two languages, one column, no other file than itself, and no script
 * but the one that reads a code behind `#`. Escapes everything; knows no state.
 */
import { createHash } from 'node:crypto';
import type { Words } from '../../work/words.ts';

const style = `
:root{font:18px/1.45 system-ui,sans-serif;color:#14202b;background:#fff}
body{margin:0 auto;padding:1rem;max-width:34rem}
h1{font-size:1.1rem;margin:0 0 .8rem}
.sign{border-radius:.6rem;padding:1rem;margin:0 0 1rem;background:#e3f3e6;border-left:.5rem solid #1c7a36}
.sign.bad{background:#fdeae7;border-color:#b3261e}
.sign strong{display:block;font-size:1.7rem;line-height:1.2}
[lang=en]{color:#44525f;font-size:.85em}button [lang=en],.again [lang=en]{color:inherit}
.line{padding:.55rem 0;border-top:1px solid #cfd8df}
dl{margin:0}dt{font-size:.85rem;color:#44525f}dd{margin:0;overflow-wrap:anywhere}
dd.bad{font-weight:700;color:#8f1d16}dd [lang=en],.sign [lang=en]{display:block;font-weight:400}
form{margin-bottom:1.4rem}label{display:block;margin-top:1rem;font-weight:700}
input{box-sizing:border-box;width:100%;font:inherit;padding:.7rem;border:2px solid #44525f;border-radius:.4rem}
input[name=code]{font-size:1.4rem;letter-spacing:.06em;text-transform:uppercase}
button,.again{display:inline-block;font:inherit;font-weight:700;margin-top:1.2rem;padding:.8rem 1.2rem;min-height:44px;box-sizing:border-box;border:0;border-radius:.4rem;background:#0b5394;color:#fff;text-decoration:none}
:focus-visible{outline:3px solid #e08a00;outline-offset:2px}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.35rem .5rem .35rem 0;border-top:1px solid #cfd8df;vertical-align:top}
summary{padding:.8rem 0;min-height:1.5rem}
`;

/** What stands behind `#` never leaves the phone by itself: it fills in the form, and a person sends it. */
const script = `
(function(){var q=new URLSearchParams(location.hash.slice(1)),f=document.forms[0];
if(!f||!q.get('code'))return;f.code.value=q.get('code').slice(0,40);
if(f.server&&q.get('server'))f.server.value=q.get('server').slice(0,200);
history.replaceState(null,'',location.pathname)})()
`;

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** With every answer: nothing from elsewhere, in no frame, kept by nobody. */
export const pageHeaders: Record<string, string> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  // The form's own origin must be told, or the board could not see who sends it.
  'referrer-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Text as it may stand in HTML, attributes too. */
export function escaped(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (sign) => names[sign] ?? '');
}

/** Both languages, the second marked as such; once when they are the same. */
export function both({ vi, en }: Words): string {
  return vi === en ? escaped(vi) : `${escaped(vi)} <span lang="en">${escaped(en)}</span>`;
}

/** A whole page around escaped content. */
export function pageOf(content: string): string {
  return `<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Loa: trạng thái thiết bị</title><style>${style}</style></head>
<body><main>${content}</main><script>${script}</script></body></html>
`;
}
