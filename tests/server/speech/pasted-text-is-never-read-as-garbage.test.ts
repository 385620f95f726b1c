/**
 * Does a text pasted from an office document come out as what its author sees, or not at all? Samples of both old codes
 * are official headings as they really look when pasted; the generated ones go through tables that mirror the fonts.
 */

import { readPastedText, TEXT_LIMIT_CHARACTERS } from '@loa/server/keep/speech/pasted-text.ts';
import { describe, expect, test } from 'vitest';
import { toTcvn3, toUtf8SeenAsWestern, toVni } from './old-codes.ts';

const UNICODE = [
  'Thông báo: sáng mai cúp điện từ 7 giờ đến 11 giờ tại thôn Phú Lập.',
  'Cà phê, bánh mì và sô cô la được bày bán tại chợ xã.',
  'Mời bà con đến hội trường.',
  'Ông Lò Văn Tô',
  'Đắk Lắk, Krông Pắc, Buôn Ma Thuột',
  'Ðắk Lắk',
  "Anh hùng Pi Năng Tắc, người Raglai; lễ hội của đồng bào K’Ho và Chăm; K'Ho",
  'Katê, Ramưwan, Ja Rai, Ê Đê, M’Nông, Chu Ru',
  'Quán café Trung Nguyên mở cửa lúc 6h',
  'café',
  'là',
  'cã',
  'bê',
  'à',
  'Khóa học résumé và CV tại Hà Nội',
  'Hôm nay',
  'Anh Müller và chị José đến thăm xã',
  'Müller, José, François, Zoë, Noël, Peña, Łódź',
  'São Paulo, Côte d’Ivoire, Curaçao, Perú',
  'The commune centre is closed on Monday.',
  'Déjà vu: la façade de l’hôtel, à côté du théâtre, où Noël fut fêté.',
  'Über die Straße führt eine Brücke, schöne Grüße aus Köln',
  '“Người Việt Nam ưu tiên dùng hàng Việt Nam”',
  '«Thông báo» số 12',
  '«Thong bao»',
  'Nhiệt độ 35°C, gió cấp 6–7, mưa 50–100 mm, 1½ giờ; diện tích 20 m², ± 5 µm, 3m×4m, © 2026, Windows®',
  'Liên hệ: 0252.3821.234 – abc@binhthuan.gov.vn – https://binhthuan.gov.vn/tin?id=3',
  'Tổng: 1.500.000đ • Thu trước 17h30 ngày 20/11/2026',
  'ĐIỆN LỰC HÀM THUẬN BẮC',
  'Thong bao cup dien',
  'Có, không, đủ, thiếu, nhiều, ít, vừa, quá',
  'Chị có thể gọi tôi là bé Na',
];

const NOTICE =
  'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\nỦy ban nhân dân xã Hàm Thắng trân trọng kính mời toàn thể bà con ' +
  'nhân dân đến dự buổi tiếp xúc cử tri vào lúc 7 giờ 30 phút ngày 20/11/2026. Những người đã đăng ký khám sức khỏe ở trạm y tế, ' +
  'mời ghé nhận giấy hẹn; ai chưa có thẻ bảo hiểm thì mang theo căn cước. Mỹ, Kỳ, Thủy, Vỹ, Tỵ; ẵm, ngoẵng, khuỷu, quỵ, kỹ sư, ổ gà.';

describe('Unicode text', () => {
  test.each(UNICODE)('survives as it is: %s', (sentence) => {
    const read = readPastedText(sentence);
    expect(read).toMatchObject({ ok: true, charset: 'unicode', converted: false });
    expect(read.ok && read.text).toBe(sentence.replace('Ðắk', 'Đắk').normalize('NFC'));
  });

  test('of normal form D, of Windows-1258 and with marks in the wrong order comes out in form C', () => {
    for (const typed of [NOTICE.normalize('NFD'), toWindows1258(NOTICE)]) {
      expect(readPastedText(typed)).toMatchObject({ ok: true, text: NOTICE, charset: 'unicode', converted: false });
    }
    expect(readPastedText('ca\u0301\u0302p đie\u0323\u0302n')).toMatchObject({ ok: true, text: 'cấp điện' });
  });

  test('loses its invisible characters and keeps its line breaks', () => {
    const raw = '\ufeffThông\u00a0báo\u200b \u0007\r\nmất\u00ad điện\ttại\u2028thôn\u000bHai\n\n\n\nHết\n';
    expect(readPastedText(raw)).toMatchObject({ ok: true, text: 'Thông báo\nmất điện tại\nthôn\nHai\n\nHết' });
  });

  test('with letters of symbol fonts keeps its bullets', () => {
    expect(readPastedText('\uf0b7 Mang căn cước\n\uf0a7\tĐúng giờ')).toMatchObject({
      ok: true,
      text: '- Mang căn cước\n- Đúng giờ',
    });
  });
});

describe('text of the old codes', () => {
  test.each([
    ['tcvn3', 'Th«ng b¸o', 'Thông báo'],
    [
      'tcvn3',
      'Céng hoµ x· héi chñ nghÜa ViÖt Nam\n§éc lËp - Tù do - H¹nh phóc',
      'Cộng hoà xã hội chủ nghĩa Việt Nam\nĐộc lập - Tự do - Hạnh phúc',
    ],
    ['tcvn3', 'ñy ban nh©n d©n tØnh B×nh ThuËn', 'ủy ban nhân dân tỉnh Bình Thuận'],
    ['tcvn3', 'UBND X· HµM TH¾NG\nTH¤NG B¸O', 'UBND XÃ HÀM THẮNG\nTHÔNG BÁO'],
    ['tcvn3', 'Phòng häp: t\u00ad vÊn ph\u00adêng'.replace('Phòng', 'Phßng'), 'Phòng họp: tư vấn phường'],
    ['vni', 'Thoâng baùo', 'Thông báo'],
    [
      'vni',
      'Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam\nÑoäc laäp - Töï do - Haïnh phuùc',
      'Cộng hòa xã hội chủ nghĩa Việt Nam\nĐộc lập - Tự do - Hạnh phúc',
    ],
    ['vni', 'UÛY BAN NHAÂN DAÂN XAÕ HAØM THAÉNG', 'ỦY BAN NHÂN DÂN XÃ HÀM THẮNG'],
    ['vni', 'baùo', 'báo'],
  ] as const)('%s: %j', (charset, typed, meant) => {
    expect(readPastedText(typed)).toEqual({ ok: true, text: meant, charset, converted: true });
  });

  test('every letter of a whole notice comes back', () => {
    expect(readPastedText(toVni(NOTICE))).toEqual({ ok: true, text: NOTICE, charset: 'vni', converted: true });
    const lower = NOTICE.split('\n').slice(1).join('\n').replace('Ổ', 'ổ').replace('Ủy', 'ủy');
    expect(readPastedText(toTcvn3(lower))).toEqual({ ok: true, text: lower, charset: 'tcvn3', converted: true });
  });

  test('each sentence of the notice is recognised alone', () => {
    for (const sentence of NOTICE.slice(NOTICE.indexOf('Ủy') + 3).split(/[.;:] /u)) {
      expect(readPastedText(toVni(sentence)), sentence).toMatchObject({ ok: true, text: sentence, charset: 'vni' });
      expect(readPastedText(toTcvn3(sentence)), sentence).toMatchObject({ ok: true, text: sentence, charset: 'tcvn3' });
    }
  });

  test('UTF-8 that was misread as Western letters is mended', () => {
    for (const dash of [NOTICE, 'Thông báo', 'Đà Nẵng – “hàng” Việt… à']) {
      expect(readPastedText(toUtf8SeenAsWestern(dash))).toEqual({
        ok: true,
        text: dash,
        charset: 'unicode',
        converted: true,
      });
    }
    expect(readPastedText('hÃ ng: ThÃ´ng bÃ¡o')).toMatchObject({ ok: true, text: 'hàng: Thông báo' });
  });
});

describe('text that cannot be read for certain is refused', () => {
  const thaiNotice = 'ประกาศ: ไฟฟ้าดับพรุ่งนี้';
  test.each([
    ['empty-text', ''],
    ['empty-text', ' \n\t\u200b\ufeff'],
    ['empty-text', '... !!! - “” (…)'],
    ['lost-letters', 'Th\ufffdng b\ufffdo cúp điện'],
    ['lost-letters', 'Th?ng b?o v? vi?c c?p ?i?n'],
    ['lost-letters', 'Th«ng b¸o cña phêng vÒ viÖc ®îc nhËn quµ'],
    ['mixed-charset', 'Thông báo về việc cúp điện. Th«ng b¸o cña ñy ban nh©n d©n x·.'],
    ['mixed-charset', 'Thông báo. Th«ng b¸o cña ñy ban nh©n d©n x· vÒ viÖc häp d©n t¹i nhµ v¨n ho¸ th«n.'],
    ['mixed-charset', 'Thông báo về việc cúp điện. Thoâng baùo cuûa Uûy ban nhaân daân xaõ.'],
    ['unreadable-charset', 'Th¤¸ng b«¬o ®®§ v¸¸ c«©p ª¨n'],
    ['foreign-script', '通知：明天停电'],
    ['foreign-script', thaiNotice],
    ['foreign-script', 'Внимание! Завтра отключат свет'],
  ])('%s: %j', (code, raw) => {
    const read = readPastedText(raw);
    expect(read).toMatchObject({ ok: false, code });
    expect(!read.ok && read.vi.length > 20 && read.en.length > 20).toBe(true);
  });

  test('far too much text is refused without being read', () => {
    expect(readPastedText('a'.repeat(TEXT_LIMIT_CHARACTERS + 1))).toMatchObject({ ok: false, code: 'text-too-long' });
    expect(readPastedText('x'.repeat(50_000_000))).toMatchObject({ ok: false, code: 'text-too-long' });
  });

  test('the longest accepted text is read', () => {
    const longest = `${'Mời bà con. '.repeat(5_000)}`.slice(0, TEXT_LIMIT_CHARACTERS - 1).concat('.');
    expect(readPastedText(longest.normalize('NFD'))).toMatchObject({ ok: true });
    expect(readPastedText(toVni(longest))).toMatchObject({ ok: true, charset: 'vni' });
  });
});

/** Windows-1258 has letters for the shapes and puts the tone behind them as a mark of its own. */
function toWindows1258(text: string): string {
  return text.normalize('NFD').replace(/([aeou])([\u0323]?)([\u0302\u0306\u031b])/giu, (_, base, dot, shape) => {
    return `${(base + shape).normalize('NFC')}${dot}`;
  });
}
