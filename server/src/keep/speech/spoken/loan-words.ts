/**
 * How do people say the foreign words that notices are full of? A small table, since a Vietnamese voice reads their
 * spelling by Vietnamese rules otherwise. Names of people and places are left as they are written.
 */

import { anyOf, pattern, type SpokenRule, WORD_END } from './rule.ts';

const SAID: Record<string, string> = {
  internet: 'in tơ nét',
  facebook: 'phây búc',
  fanpage: 'phan pết',
  zalo: 'da lô',
  youtube: 'diu túp',
  tiktok: 'tíc tóc',
  google: 'gu gồ',
  gmail: 'gờ meo',
  email: 'i meo',
  'e-mail': 'i meo',
  website: 'oép xai',
  web: 'oép',
  wifi: 'oai phai',
  'wi-fi': 'oai phai',
  online: 'on lai',
  video: 'vi đê ô',
  clip: 'cơ líp',
  camera: 'ca mê ra',
  karaoke: 'ca ra ô kê',
  robot: 'rô bốt',
  virus: 'vi rút',
  vaccine: 'vắc xin',
  vaccin: 'vắc xin',
  vacxin: 'vắc xin',
  oxy: 'ô xy',
  clo: 'cờ lo',
  cafe: 'cà phê',
  café: 'cà phê',
  smartphone: 'xờ mát phôn',
  laptop: 'láp tóp',
  file: 'phai',
  hotline: 'hót lai',
  marketing: 'ma két tinh',
  festival: 'phét ti van',
  container: 'công ten nơ',
  karate: 'ca ra te',
  marathon: 'ma ra tông',
  protein: 'prô tê in',
  cloramin: 'cờ lo ra min',
  paracetamol: 'pa ra xê ta môn',
  dioxin: 'đi ô xin',
  radio: 'ra đi ô',
  stress: 'xờ trét',
  logo: 'lô gô',
  covid: 'cô vít',
  richter: 'rích te',
  "k'ho": 'cơ ho',
  'k’ho': 'cơ ho',
  "m'nông": 'mơ nông',
  'm’nông': 'mơ nông',
  raglai: 'ra glai',
  'ra-glai': 'ra glai',
};

/** Rules for foreign words. */
export const LOAN_WORD_RULES: readonly SpokenRule[] = [
  {
    starts: 'letter',
    pattern: pattern(`(?:${anyOf(Object.keys(SAID))})${WORD_END}`, 'i'),
    speak: ([written]) => SAID[written.toLowerCase()] ?? null,
  },
];
