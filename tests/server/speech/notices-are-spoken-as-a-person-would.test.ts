/**
 * Does a notice sound as a person would read it? Tables of what offices write and what must be heard, kind by kind, and
 * four whole notices of the sorts a commune airs every week.
 */

import { explainSpokenText, spokenText } from '@loa/server/keep/speech/spoken/spoken-text.ts';
import { describe, expect, test } from 'vitest';

const Y2026 = 'năm hai nghìn không trăm hai mươi sáu';

const TABLES: Record<string, [written: string, spoken: string][]> = {
  numbers: [
    ['0', 'không'],
    ['10 người', 'mười người'],
    ['11', 'mười một'],
    ['15 hộ', 'mười lăm hộ'],
    ['05 hộ', 'năm hộ'],
    ['21', 'hai mươi mốt'],
    ['24 em', 'hai mươi tư em'],
    ['25', 'hai mươi lăm'],
    ['91', 'chín mươi mốt'],
    ['100', 'một trăm'],
    ['101', 'một trăm linh một'],
    ['115 người', 'một trăm mười lăm người'],
    ['1.005', 'một nghìn không trăm linh năm'],
    ['1005', 'một nghìn không trăm linh năm'],
    ['10.000', 'mười nghìn'],
    ['1.000.000', 'một triệu'],
    ['1.500.000', 'một triệu năm trăm nghìn'],
    ['1.000.005', 'một triệu không trăm linh năm'],
    ['3.000.000.000', 'ba tỷ'],
    ['12.345.678.901', 'mười hai tỷ ba trăm bốn mươi lăm triệu sáu trăm bảy mươi tám nghìn chín trăm linh một'],
    ['3,5 tỷ', 'ba phẩy năm tỷ'],
    ['0,05', 'không phẩy không năm'],
    ['12,25', 'mười hai phẩy hai mươi lăm'],
    ['công nghiệp 4.0', 'công nghiệp bốn chấm không'],
    ['1,500,000 đồng', 'một triệu năm trăm nghìn đồng'],
    ['tăng 50%', 'tăng năm mươi phần trăm'],
    ['98,5 %', 'chín mươi tám phẩy năm phần trăm'],
    ['từ -5 đến 10°C', 'từ âm năm đến mười độ xê'],
    ['½ giờ', 'một phần hai giờ'],
    ['2½ ngày', 'hai và một phần hai ngày'],
    ['giảm 1/2', 'giảm một phần hai'],
    ['3/4 diện tích', 'ba phần tư diện tích'],
    ['8/10 hộ', 'tám trên mười hộ'],
    ['24/24 giờ', 'hai mươi tư trên hai mươi tư giờ'],
    ['trực 24/7', 'trực hai mươi tư trên bảy'],
    ['số nhà 12/5 đường Lê Lợi', 'số nhà mười hai trên năm đường Lê Lợi'],
    ['10-15 người', 'mười đến mười lăm người'],
    ['giai đoạn 2026 - 2030', 'giai đoạn hai nghìn không trăm hai mươi sáu đến hai nghìn không trăm ba mươi'],
    ['quý II', 'quý hai'],
    ['quý III/2026', `quý ba ${Y2026}`],
    ['quý 2/2026', `quý hai ${Y2026}`],
    ['thế kỷ XXI', 'thế kỷ hai mươi mốt'],
    ['Đại hội XIV', 'Đại hội mười bốn'],
    ['lần thứ I', 'lần thứ nhất'],
    ['lần thứ 4', 'lần thứ tư'],
    ['thứ 2', 'thứ hai'],
    ['thứ 4', 'thứ tư'],
    ['I. MỤC ĐÍCH', 'một. mục đích'],
    ['căn cước 068090001234', 'căn cước không sáu tám, không chín không, không không một, hai ba bốn'],
    ['biển số 86A-123.45', 'biển số tám sáu a, một hai ba, bốn năm'],
    ['đội A thắng 3-1, tỷ số 2 - 2', 'đội A thắng ba, một, tỷ số hai, hai'],
    ['lớp 5/3, lớp 1/2', 'lớp năm trên ba, lớp một trên hai'],
    ['khu vực X', 'khu vực mười'],
    [
      'STK: 3761.0.9082888.91046',
      'số tài khoản: ba bảy sáu một, không, chín không tám, hai tám tám tám, chín một không, bốn sáu',
    ],
    ['mục 1.2.3', 'mục một chấm hai chấm ba'],
  ],
  dates: [
    ['20/11/2026', `ngày hai mươi tháng mười một ${Y2026}`],
    ['ngày 20/11/2026', `ngày hai mươi tháng mười một ${Y2026}`],
    ['ngày 01/01/2026', `ngày một tháng một ${Y2026}`],
    ['20-11-2026', `ngày hai mươi tháng mười một ${Y2026}`],
    ['20.11.2026', `ngày hai mươi tháng mười một ${Y2026}`],
    ['20/11/26', `ngày hai mươi tháng mười một ${Y2026}`],
    ['2026-11-20', `ngày hai mươi tháng mười một ${Y2026}`],
    ['2026-11-20T07:30', `ngày hai mươi tháng mười một ${Y2026}, bảy giờ ba mươi phút`],
    ['ngày 20/11', 'ngày hai mươi tháng mười một'],
    ['sáng 20/11', 'sáng ngày hai mươi tháng mười một'],
    ['chào mừng 2-9', 'chào mừng ngày hai tháng chín'],
    ['T3, 3/11', 'thứ ba, ngày ba tháng mười một'],
    ['kỷ niệm 20-11', 'kỷ niệm ngày hai mươi tháng mười một'],
    ['ngày 5-10', 'ngày năm tháng mười'],
    ['nghỉ lễ 30/4 và 1/5', 'nghỉ lễ ngày ba mươi tháng tư và ngày một tháng năm'],
    ['đường 19/4', 'đường mười chín tháng tư'],
    ['tháng 11/2026', `tháng mười một ${Y2026}`],
    ['tháng 4', 'tháng tư'],
    ['tháng 10-12/2026', `tháng mười đến tháng mười hai ${Y2026}`],
    ['T11/2026', `tháng mười một ${Y2026}`],
    ['từ 20-25/11', 'từ ngày hai mươi đến ngày hai mươi lăm tháng mười một'],
    ['từ ngày 20 đến 25/11', 'từ ngày hai mươi đến ngày hai mươi lăm tháng mười một'],
    ['20/11 - 25/11', 'ngày hai mươi tháng mười một đến ngày hai mươi lăm tháng mười một'],
    ['15/7 âm lịch', 'ngày mười lăm tháng bảy âm lịch'],
    ['1/1 âm lịch', 'ngày mùng một tháng giêng âm lịch'],
    ['32/13', 'ba mươi hai trên mười ba'],
    ['T2-T6, T7 và CN', 'thứ hai đến thứ sáu, thứ bảy và chủ nhật'],
  ],
  hours: [
    ['17h30', 'mười bảy giờ ba mươi phút'],
    ['7g', 'bảy giờ'],
    ['7g30', 'bảy giờ ba mươi phút'],
    ['17:00', 'mười bảy giờ'],
    ['07:05', 'bảy giờ năm phút'],
    ['05h', 'năm giờ'],
    ['0h', 'không giờ'],
    ["14h45'", 'mười bốn giờ bốn mươi lăm phút'],
    ['7h30 phút', 'bảy giờ ba mươi phút'],
    ['7h-11h30', 'bảy giờ đến mười một giờ ba mươi phút'],
    ['từ 7-11h', 'từ bảy đến mười một giờ'],
    ['7h30 – 11h00', 'bảy giờ ba mươi phút đến mười một giờ'],
    ['trong 48h', 'trong bốn mươi tám giờ'],
    ['07 giờ 00', 'bảy giờ'],
    ['07 giờ 30 phút', 'bảy giờ ba mươi phút'],
    ['5h kém 15', 'năm giờ kém mười lăm'],
    ['tỷ lệ 1:500', 'tỷ lệ một: năm trăm'],
  ],
  telephones: [
    ['0252 3821 234', 'không hai năm hai, ba tám hai một, hai ba bốn'],
    ['(0252) 3821234', 'không hai năm hai, ba tám hai, một hai ba bốn'],
    ['0912.345.678', 'không chín một hai, ba bốn năm, sáu bảy tám'],
    ['0912345678', 'không chín một hai, ba bốn năm, sáu bảy tám'],
    ['+84 912 345 678', 'cộng tám bốn, chín một hai, ba bốn năm, sáu bảy tám'],
    ['1900 1006', 'một chín không không, một không không sáu'],
    [
      '1900 1006 - 1900 9000',
      'một chín không không, một không không sáu, một chín không không, chín không không không',
    ],
    ['18001575', 'một tám không không, một năm bảy năm'],
    ['0693.428.114', 'không sáu chín ba, bốn hai tám, một một bốn'],
    ['0252.3.865.115', 'không hai năm hai, ba, tám sáu năm, một một năm'],
    ['gọi 113, 114 hoặc 115', 'gọi một một ba, một một bốn hoặc một một năm'],
    ['đường dây nóng: 112', 'đường dây nóng: một một hai'],
    ['ĐT: 0252 3821234', 'điện thoại: không hai năm hai, ba tám hai, một hai ba bốn'],
    ['có 113 người', 'có một trăm mười ba người'],
  ],
  units: [
    ['5 km', 'năm ki lô mét'],
    ['mỗi km', 'mỗi ki lô mét'],
    ['20m', 'hai mươi mét'],
    ['20 m²', 'hai mươi mét vuông'],
    ['5m2', 'năm mét vuông'],
    ['50-150 m³/s', 'năm mươi đến một trăm năm mươi mét khối trên giây'],
    ['10 triệu m3', 'mười triệu mét khối'],
    ['50–100 mm', 'năm mươi đến một trăm mi li mét'],
    ['200mm/24h', 'hai trăm mi li mét trên hai mươi bốn giờ'],
    ['10kg', 'mười ki lô gam'],
    ['500g', 'năm trăm gam'],
    ['2,5 ha', 'hai phẩy năm héc ta'],
    ['22kV', 'hai mươi hai ki lô vôn'],
    ['35°C', 'ba mươi lăm độ xê'],
    ['24-32oC', 'hai mươi tư đến ba mươi hai độ xê'],
    ['60km/h', 'sáu mươi ki lô mét trên giờ'],
    ['2 lít', 'hai lít'],
    ['5l', 'năm lít'],
    ['1m65', 'một mét sáu mươi lăm'],
    ['20x30m', 'hai mươi nhân ba mươi mét'],
    ['50.000đ', 'năm mươi nghìn đồng'],
    ['1.500.000 VNĐ', 'một triệu năm trăm nghìn đồng'],
    ['1 500 000 đồng', 'một triệu năm trăm nghìn đồng'],
    ['50.000đ/hộ/năm', 'năm mươi nghìn đồng một hộ một năm'],
    ['2 lần/ngày', 'hai lần một ngày'],
    ['50 triệu đồng/hộ', 'năm mươi triệu đồng một hộ'],
    ['2 viên x 3 lần/ngày', 'hai viên nhân ba lần một ngày'],
    ['100 triệu đ', 'một trăm triệu đồng'],
    ['100k', 'một trăm nghìn'],
  ],
  'numbers of documents': [
    [
      'Thông tư số 39/2020/TT-BTTTT',
      'Thông tư số ba mươi chín, năm hai nghìn không trăm hai mươi, của bộ thông tin và truyền thông',
    ],
    [
      'số 39/2020/TT-BTTTT',
      'số ba mươi chín, năm hai nghìn không trăm hai mươi, thông tư, của bộ thông tin và truyền thông',
    ],
    ['Nghị định 49/2024/NĐ-CP', 'Nghị định bốn mươi chín, năm hai nghìn không trăm hai mươi tư, của chính phủ'],
    ['Quyết định số 123/QĐ-UBND', 'Quyết định số một trăm hai mươi ba, của ủy ban nhân dân'],
    [
      'Quyết định số 123/QĐ-UBND ngày 1/9 của UBND tỉnh',
      'Quyết định số một trăm hai mươi ba ngày một tháng chín của ủy ban nhân dân tỉnh',
    ],
    [
      'Điều 7 NĐ 168/2024/NĐ-CP',
      'Điều bảy nghị định một trăm sáu mươi tám, năm hai nghìn không trăm hai mươi tư, của chính phủ',
    ],
    ['QĐ-UBND', 'quyết định của ủy ban nhân dân'],
    ['Chỉ thị 40-CT/TW', 'Chỉ thị bốn mươi, của trung ương'],
    ['Luật số 45/2019/QH14', 'Luật số bốn mươi lăm, năm hai nghìn không trăm mười chín, của quốc hội khóa mười bốn'],
    ['Công văn 05/CV-XYZ', 'Công văn không năm, xê vê, ích xì i dài dét'],
  ],
  abbreviations: [
    ['UBND xã', 'ủy ban nhân dân xã'],
    ['ubnd xã', 'ủy ban nhân dân xã'],
    ['HĐND TP. Phan Thiết', 'hội đồng nhân dân thành phố Phan Thiết'],
    ['TP.HCM', 'thành phố Hồ Chí Minh'],
    ['TT. Ma Lâm', 'thị trấn Ma Lâm'],
    ['TT Y tế', 'trung tâm Y tế'],
    ['TT 39', 'thông tư ba mươi chín'],
    ['TT. Đảng ủy', 'thường trực Đảng ủy'],
    ['P. Phú Trinh', 'phường Phú Trinh'],
    ['P.12, Q.1', 'phường mười hai, quận một'],
    ['X. Hàm Thắng, H. Hàm Thuận Bắc', 'xã Hàm Thắng, huyện Hàm Thuận Bắc'],
    ['ông Nguyễn H. Nam', 'ông Nguyễn hát Nam'],
    ['KP.3, TDP 5', 'khu phố ba, tổ dân phố năm'],
    ['BCH PCTT và TKCN', 'ban chỉ huy phòng, chống thiên tai và tìm kiếm cứu nạn'],
    ['BCH PTDS', 'ban chỉ huy phòng thủ dân sự'],
    ['BCH Đoàn xã', 'ban chấp hành Đoàn xã'],
    ['CA xã', 'công an xã'],
    ['Ban CHQS', 'Ban chỉ huy quân sự'],
    ['thẻ BHYT, sổ BHXH, CCCD', 'thẻ bảo hiểm y tế, sổ bảo hiểm xã hội, căn cước công dân'],
    ['CSGT, PCCC, MTTQ', 'cảnh sát giao thông, phòng cháy, chữa cháy, mặt trận tổ quốc'],
    ['Trường TH và THCS, THPT', 'Trường tiểu học và trung học cơ sở, trung học phổ thông'],
    ['PGS.TS Trần Hà', 'phó giáo sư tiến sĩ Trần Hà'],
    ['TS. Lê An, ThS. Minh, BS Hoa', 'tiến sĩ Lê An, thạc sĩ Minh, bác sĩ Hoa'],
    ['TS: 150 hộ', 'tổng số: một trăm năm mươi hộ'],
    ['NTM, HTX, KT-XH, ANTT', 'nông thôn mới, hợp tác xã, kinh tế xã hội, an ninh trật tự'],
    ['VNPT, EVN', 'vê en pê tê, e vê en'],
    ['Agribank CN Hàm Thuận Bắc', 'Agribank chi nhánh Hàm Thuận Bắc'],
    ['Q. CHỦ TỊCH', 'quyền chủ tịch'],
    ['trên BĐ3 0,5m', 'trên báo động ba không phẩy năm mét'],
    ['V/v họp', 'về việc họp'],
    ['gạo, mì, v.v.', 'gạo, mì, vân vân'],
    ['đ/c Hùng', 'đồng chí Hùng'],
    ['QL1A, QL 28, ĐT.711', 'quốc lộ một a, quốc lộ hai mươi tám, đường tỉnh bảy một một'],
    ['COVID-19, H5N1', 'cô vít mười chín, hát năm en nờ một'],
    ['lớp 9A', 'lớp chín a'],
    ['vitamin C', 'vitamin xê'],
    ['Sở XQZ', 'Sở ích xì quy dét'],
    ['Y tế', 'Y tế'],
    ['KHẨN TRƯƠNG SƠ TÁN', 'khẩn trương sơ tán'],
    ['CA SĨ HÁT TẠI HỘI TRƯỜNG', 'ca sĩ hát tại hội trường'],
    ["Pi Năng Tắc, K'Ho, Raglai", 'Pi Năng Tắc, cơ ho, ra glai'],
  ],
  signs: [
    ['gió cấp 6-7, giật cấp 9', 'gió cấp sáu đến bảy, giật cấp chín'],
    ['rủi ro cấp 3', 'rủi ro cấp ba'],
    ['≥ 5, ~20, > 10', 'lớn hơn hoặc bằng năm, khoảng hai mươi, trên mười'],
    ['người & tài sản', 'người và tài sản'],
    ['xã/phường', 'xã, phường'],
    ['và/hoặc', 'và hoặc'],
    ['“quan trọng” (gấp)', 'quan trọng, gấp'],
    ['kinh tế - xã hội', 'kinh tế, xã hội'],
    ['vắc-xin', 'vắc xin'],
    ['vàng#bạc', 'vàng bạc'],
    ['• Mang theo sổ', 'Mang theo sổ'],
    ['a) Nội dung', 'a, Nội dung'],
    ['2. Nội dung', 'hai. Nội dung'],
    ['đúng giờ./.', 'đúng giờ'],
    ['abc@gmail.com', 'abc a còng gờ meo chấm com'],
    ['https://www.lamdong.gov.vn/', 'vê kép vê kép vê kép chấm lamdong chấm gờ o vê chấm vê en'],
  ],
};

describe.each(Object.entries(TABLES))('%s', (_, rows) => {
  test.each(rows)('%s → %s', (written, spoken) => {
    expect(spokenText(written)).toBe(`${spoken}.`);
  });
});

describe('whole notices', () => {
  test('a power cut', () => {
    expect(
      spokenText(`ĐIỆN LỰC HÀM THUẬN BẮC
THÔNG BÁO
V/v tạm ngừng cung cấp điện

Để sửa chữa lưới điện 22kV, Điện lực thông báo lịch
tạm ngừng cung cấp điện như sau:
- Thời gian: từ 07h30 đến 16h00, thứ 7, ngày 21/11/2026.
- Khu vực: một phần xã Hàm Thắng; KP.3 P. Phú Trinh; TBA Kim Ngọc 2
+ Tổng số KH: 1.250 hộ.
Liên hệ: 1900 1006 hoặc ĐT: 0252 3821 234.`),
    ).toBe(`điện lực hàm thuận bắc.
thông báo.
về việc tạm ngừng cung cấp điện.
Để sửa chữa lưới điện hai mươi hai ki lô vôn, Điện lực thông báo lịch tạm ngừng cung cấp điện như sau:
Thời gian: từ bảy giờ ba mươi phút đến mười sáu giờ, thứ bảy, ngày hai mươi mốt tháng mười một ${Y2026}.
Khu vực: một phần xã Hàm Thắng; khu phố ba phường Phú Trinh; trạm biến áp Kim Ngọc hai.
Tổng số khách hàng: một nghìn hai trăm năm mươi hộ.
Liên hệ: một chín không không, một không không sáu hoặc điện thoại: không hai năm hai, ba tám hai một, hai ba bốn.`);
  });

  test('a reservoir release', () => {
    expect(
      spokenText(`THÔNG BÁO XẢ LŨ KHẨN CẤP
Hiện nay (14h00 ngày 03/12/2026) mực nước hồ Sông Quao đạt 89,15m. Xả lũ qua tràn từ 50-150 m³/s, bắt đầu lúc 15h00.
Bà con cách bờ sông ≤ 100m khẩn trương di dời người & tài sản trước 14h45'. Gió giật cấp 6-7, mưa 100-200mm/24h, có nơi > 250mm. Cấp độ rủi ro thiên tai: cấp 3.
Gọi 112, 114 hoặc BCH PCTT và TKCN xã: 0912.345.678 (đ/c Hùng).`),
    ).toBe(`thông báo xả lũ khẩn cấp.
Hiện nay, mười bốn giờ ngày ba tháng mười hai ${Y2026}, mực nước hồ Sông Quao đạt tám mươi chín phẩy mười lăm mét. Xả lũ qua tràn từ năm mươi đến một trăm năm mươi mét khối trên giây, bắt đầu lúc mười lăm giờ.
Bà con cách bờ sông nhỏ hơn hoặc bằng một trăm mét khẩn trương di dời người và tài sản trước mười bốn giờ bốn mươi lăm phút. Gió giật cấp sáu đến bảy, mưa một trăm đến hai trăm mi li mét trên hai mươi bốn giờ, có nơi trên hai trăm năm mươi mi li mét. Cấp độ rủi ro thiên tai: cấp ba.
Gọi một một hai, một một bốn hoặc ban chỉ huy phòng, chống thiên tai và tìm kiếm cứu nạn xã: không chín một hai, ba bốn năm, sáu bảy tám, đồng chí Hùng.`);
  });

  test('a vaccination', () => {
    expect(
      spokenText(`Trạm Y tế xã mời phụ huynh có con từ 2-24 tháng tuổi đưa trẻ đến tiêm vắc-xin 5 trong 1 theo lịch:
1. Thôn 1: sáng 25/11 (từ 7g - 10g30).
2. Trẻ > 12 tháng: ngày 26-27/11/2026, tại Trường THCS Hàm Trí.
Mang theo sổ tiêm, thẻ BHYT, CCCD v.v... BS. Nguyễn Thị Hoa, SĐT 0938 123 456.`),
    ).toBe(`Trạm Y tế xã mời phụ huynh có con từ hai đến hai mươi tư tháng tuổi đưa trẻ đến tiêm vắc xin năm trong một theo lịch:
một. Thôn một: sáng ngày hai mươi lăm tháng mười một, từ bảy giờ đến mười giờ ba mươi phút.
hai. Trẻ trên mười hai tháng: ngày hai mươi sáu đến ngày hai mươi bảy tháng mười một ${Y2026}, tại Trường trung học cơ sở Hàm Trí.
Mang theo sổ tiêm, thẻ bảo hiểm y tế, căn cước công dân vân vân. bác sĩ Nguyễn Thị Hoa, số điện thoại không chín ba tám, một hai ba, bốn năm sáu.`);
  });

  test('an invitation', () => {
    expect(
      spokenText(`UBND XÃ HÀM THẮNG
Số: 45/GM-UBND
Kính mời: Ô. Nguyễn Văn A, Trưởng thôn.
Đến dự họp triển khai NTM, đánh giá KT-XH, QP-AN quý III/2026.
Thời gian: 8h ngày 20-11 (thứ Sáu)
Địa điểm: Hội trường UBND xã, số 12/5 đường 19/4, QL1A, TP. Phan Thiết.
Thành phần: HĐND, UBMTTQVN xã, CA, BCH QS.
KT. CHỦ TỊCH`),
    ).toBe(`ủy ban nhân dân xã hàm thắng.
Số: bốn mươi lăm, giấy mời, của ủy ban nhân dân.
Kính mời: ông Nguyễn Văn A, Trưởng thôn.
Đến dự họp triển khai nông thôn mới, đánh giá kinh tế xã hội, quốc phòng an ninh quý ba ${Y2026}.
Thời gian: tám giờ ngày hai mươi tháng mười một, thứ Sáu.
Địa điểm: Hội trường ủy ban nhân dân xã, số mười hai trên năm đường mười chín tháng tư, quốc lộ một a, thành phố Phan Thiết.
Thành phần: hội đồng nhân dân, ủy ban mặt trận tổ quốc Việt Nam xã, công an, ban chỉ huy quân sự.
ký thay chủ tịch.`);
  });
});

test('the panel can show what will be said differently, each thing once', () => {
  expect(explainSpokenText('UBND xã: họp lúc 17h30 “ngày mai”. UBND xã mời.')).toEqual([
    { written: 'UBND', spoken: 'ủy ban nhân dân' },
    { written: '17h30', spoken: 'mười bảy giờ ba mươi phút' },
  ]);
});

test('text without words is spoken as nothing', () => {
  expect(spokenText('')).toBe('');
  expect(spokenText('--- *** ---\n…')).toBe('');
});
