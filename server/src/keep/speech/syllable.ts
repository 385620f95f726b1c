/**
 * Could this word be one syllable of Vietnamese? Judges spelling alone: an onset, a rime and a tone that may stand
 * together in the national script. It knows no dictionary, so a well-formed syllable without meaning passes, and it
 * never judges foreign or minority-language names (most of them fail, which callers must allow for).
 */

const TONE_MARKS = /[\u0300\u0301\u0303\u0309\u0323]/gu;

const ONSETS = ['ngh', 'ch', 'gh', 'gi', 'kh', 'ng', 'nh', 'ph', 'qu', 'th', 'tr', ...'bcdđghklmnprstvx', ''];

const RIMES = new Set(
  (
    'a ac ach ai ak am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây ' +
    'e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu ' +
    'o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oi om on ong oong ooc op ' +
    'ot oc ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uê uêch uênh ui um un ung up ut uc uôc uôi ' +
    'uôm uôn uông uôt uơ uy uya uych uynh uyên uyêt uyn uyt uyu ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ' +
    'ươt ươu y yên yêm yêng yêt yêu ynh ych yt êng'
  ).split(' '),
);

/** The national script closes these rimes with a stop, which bears only the rising or the heavy tone. */
const STOPPED_RIME = /(?:[cptk]|ch)$/u;

/**
 * True when `word` (NFC or NFD, any case) is spelled as one Vietnamese syllable.
 * Unmarked syllables (`ban`, `tin`) count; a stopped rime without its tone mark (`cat`) does not.
 */
export function isVietnameseSyllable(word: string): boolean {
  if (word.length > 16) return false;
  const spread = word.toLowerCase().normalize('NFD');
  const tones = spread.match(TONE_MARKS) ?? [];
  if (tones.length > 1) return false;
  const plain = spread.replace(TONE_MARKS, '').normalize('NFC');
  return ONSETS.some((onset) => {
    if (!plain.startsWith(onset)) return false;
    const rime = plain.slice(onset.length);
    if (!RIMES.has(rime)) return false;
    if (rime === 'êng' && onset !== 'gi') return false;
    return !STOPPED_RIME.test(rime) || tones[0] === '\u0301' || tones[0] === '\u0323';
  });
}
