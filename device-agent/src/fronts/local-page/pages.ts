/** The board's pages: how it is, and, while nobody has enrolled it, the form that does. From state to HTML; pure. */

import type { PoleState } from '../../pole-state.ts';
import { lampCodes, lampSigns } from '../../work/signs/lamp-sign.ts';
import { headline, lampWords, sayState } from '../../work/signs/say-state.ts';
import type { Words } from '../../work/words.ts';
import { both, escaped, pageOf } from './html.ts';

/** What the form shows and asks. */
export interface EnrolForm {
  /** Proves that the form came from this board. */
  seal: string;
  /** Told in the environment; then it is not asked for. */
  knownServer?: string | undefined;
  /** As typed before. */
  typed?: { code: string; server: string } | undefined;
  problem?: Words | undefined;
}

/** The page at `/`. */
export function statePage(state: PoleState, form: EnrolForm | undefined): string {
  const { sign, words, isBad } = headline(state);
  const lines = sayState(state).map(
    ({ about, words: said, isBad: isLineBad }) =>
      `<div class="line"><dt>${both(about)}</dt><dd${isLineBad ? ' class="bad"' : ''}>${both(said)}</dd></div>`,
  );
  const title = state.running?.clusterName ?? 'Thiết bị chưa đăng ký';
  return pageOf(`<h1>Loa · ${escaped(title)}</h1>
<div class="sign${isBad ? ' bad' : ''}" role="status"><strong>${escaped(words.vi)}</strong><span lang="en">${escaped(words.en)}</span>
<div>Đèn: ${both(lampWords(sign))}</div></div>
${form === undefined ? '' : formOf(form)}
<dl>${lines.join('\n')}</dl>
<p><a class="again" href="/">Xem lại <span lang="en">(Refresh)</span></a></p>
${lampTable()}`);
}

/** A page with one sentence, for what is refused. */
export function refusalPage(words: Words): string {
  return pageOf(`<h1>Loa</h1><div class="sign bad" role="alert"><strong>${escaped(words.vi)}</strong>
<span lang="en">${escaped(words.en)}</span></div><p><a class="again" href="/">Quay lại <span lang="en">(Back)</span></a></p>`);
}

function formOf({ seal, knownServer, typed, problem }: EnrolForm): string {
  const said = problem === undefined ? '' : `<div class="sign bad" role="alert" id="problem">${both(problem)}</div>`;
  const described = problem === undefined ? '' : ' aria-describedby="problem" aria-invalid="true"';
  const server =
    knownServer === undefined
      ? `<label for="server">Địa chỉ máy chủ <span lang="en">Server address</span></label>
<input id="server" name="server" type="text" inputmode="url" autocapitalize="none" spellcheck="false" autocomplete="off" maxlength="200" placeholder="https://…" value="${escaped(typed?.server ?? '')}">`
      : `<p>Máy chủ <span lang="en">Server</span>: ${escaped(knownServer)}</p>`;
  return `<form method="post" action="/enrol" autocomplete="off">${said}
<label for="code">Mã đăng ký trên giấy <span lang="en">One-time code on the paper</span></label>
<input id="code" name="code" type="text" required autocapitalize="characters" spellcheck="false" autocomplete="off" maxlength="400" placeholder="7KQ2M-X4T9D" value="${escaped(typed?.code ?? '')}"${described}>
${server}
<input type="hidden" name="seal" value="${escaped(seal)}">
<button type="submit">Đăng ký thiết bị <span lang="en">(Enrol)</span></button></form>`;
}

/** What each count of flashes means; for printing too. */
function lampTable(): string {
  const rows = lampSigns.map(
    (sign) => `<tr><td>${both(lampWords(sign))}</td><td>${both(lampCodes[sign].words)}</td></tr>`,
  );
  return `<details><summary>Ý nghĩa đèn <span lang="en">What the lamp says</span></summary>
<table><thead><tr><th>Đèn <span lang="en">Lamp</span></th><th>Nghĩa là <span lang="en">Means</span></th></tr></thead><tbody>${rows.join('')}</tbody></table></details>`;
}
