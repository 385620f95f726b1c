/** A small units file, as a person would write it. */
export const unitsText = `{
  "timeZone": "Asia/Ho_Chi_Minh",
  "areas": [
    { "id": "v1", "parentId": "c22933", "kind": "village", "name": "Thôn Đức Thắng" },
    { "id": "c22933", "parentId": "p68", "kind": "commune", "name": "Xã Hàm Thắng", "code": "22933",
      "oldDistrict": "Hàm Thuận Bắc",
      "hours": { "timeZone": "Asia/Ho_Chi_Minh", "document": "QĐ 12/2026",
        "spans": [{ "weekdays": [1, 2, 3, 4, 5, 6, 7], "from": "04:45", "until": "24:00" }] } },
    { "id": "p68", "kind": "province", "name": "Tỉnh Lâm Đồng" }
  ],
  "clusters": [
    { "id": "k1", "areaId": "v1", "name": "Chợ", "horns": 3, "lat": 11.09, "lon": 108.12 },
    { "id": "k2", "areaId": "c22933", "name": "Trường", "horns": 2 }
  ],
  "people": [
    { "login": "canbo", "name": "Cán bộ", "role": "officer", "areaId": "c22933" },
    { "login": "so", "name": "Trực ban", "role": "department", "areaId": "p68" }
  ]
}
`;
