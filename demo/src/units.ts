/**
 * The units of the demo town: the province and three communes of the old district Hàm Thuận Bắc as they have stood
 * since 1 July 2025, with their General Statistics Office codes, and below each the former communes it was made of.
 * Unit names and codes are facts (national unit data, resolution of 2025); clusters and people are invented.
 */

const everyDay = [1, 2, 3, 4, 5, 6, 7];

/** The demo must sound whenever a newcomer tries it, so its communes permit the whole day, and say that it is a demo. */
const wholeDay = {
  timeZone: 'Asia/Ho_Chi_Minh',
  spans: [{ weekdays: everyDay, from: '00:00', until: '24:00' }],
  document: 'số 00 (bản chạy thử, cho phép cả ngày)',
};

const communes = [
  { code: '23089', name: 'Xã Hàm Thuận Bắc', former: ['Hàm Trí', 'Thuận Hòa', 'Hàm Phú'], clusterCounts: [2, 2, 1] },
  { code: '23095', name: 'Xã Hàm Liêm', former: ['Hàm Liêm', 'Hàm Chính'], clusterCounts: [2, 1] },
  { code: '23059', name: 'Xã Hàm Thuận', former: ['Ma Lâm', 'Thuận Minh', 'Hàm Đức'], clusterCounts: [2, 1, 1] },
];

/** Which board stands in a commune's clusters; most of the field has nothing fitted to measure with. */
export interface TownCluster {
  id: string;
  areaId: string;
  name: string;
  horns: number;
}

const province = { id: 'p68', parentId: null, kind: 'province', name: 'Tỉnh Lâm Đồng', code: '68' };

/** What `init` imports. */
export const townUnits = {
  timeZone: 'Asia/Ho_Chi_Minh',
  areas: [
    province,
    ...communes.flatMap((commune) => [
      {
        id: `c${commune.code}`,
        parentId: province.id,
        kind: 'commune',
        name: commune.name,
        code: commune.code,
        oldDistrict: 'Huyện Hàm Thuận Bắc (cũ)',
        hours: wholeDay,
      },
      ...commune.former.map((name, index) => ({
        id: formerId(commune.code, index),
        parentId: `c${commune.code}`,
        kind: 'village',
        name: `Địa bàn ${name} (cũ)`,
      })),
    ]),
  ],
  clusters: communes.flatMap((commune) =>
    commune.former.flatMap((name, index) =>
      Array.from(
        { length: commune.clusterCounts[index] ?? 0 },
        (_, place): TownCluster => ({
          id: `${formerId(commune.code, index)}-${place + 1}`,
          areaId: formerId(commune.code, index),
          name: `Cụm loa ${name} ${place + 1}`,
          horns: 2 + ((index + place) % 3),
        }),
      ),
    ),
  ),
  people: [
    { login: 'canbo', name: 'Cán bộ truyền thanh xã Hàm Thuận Bắc', role: 'officer', areaId: 'c23089' },
    { login: 'lanhdao', name: 'Lãnh đạo Ủy ban nhân dân xã Hàm Thuận Bắc', role: 'leader', areaId: 'c23089' },
    { login: 'canbo-hamliem', name: 'Cán bộ truyền thanh xã Hàm Liêm', role: 'officer', areaId: 'c23095' },
    { login: 'so', name: 'Trực ban cấp tỉnh', role: 'department', areaId: 'p68' },
    { login: 'kythuat', name: 'Kỹ thuật viên', role: 'technician', areaId: 'p68' },
  ],
};

function formerId(communeCode: string, index: number): string {
  return `g${communeCode}-${index + 1}`;
}
