/** What a sensor says, in words with units, for somebody who reads no field names. Pure. */
import type { Readings } from '@loa/protocol/device';
import type { Words } from '../words.ts';

type Say<V> = (value: V) => Words;

/** Each reading in the order it is told; `true` and `false` as what they mean. */
const saying: { [K in keyof Required<Readings>]: Say<NonNullable<Readings[K]>> } = {
  mainsPresent: either({ vi: 'có điện lưới', en: 'mains power is on' }, { vi: 'mất điện lưới', en: 'no mains power' }),
  batteryVolts: figure('ắc quy', 'battery', 'V', 1),
  batteryPercent: figure('ắc quy', 'battery', '%'),
  temperatureC: figure('nhiệt độ', 'temperature', '°C', 1),
  isThrottled: either({ vi: 'đang tự chạy chậm', en: 'slows itself' }, { vi: 'chạy đủ tốc độ', en: 'at full speed' }),
  isUndervolted: either({ vi: 'điện áp thấp', en: 'low voltage' }, { vi: 'điện áp đủ', en: 'voltage is right' }),
  memoryFreeBytes: megabytes('bộ nhớ trống', 'free memory'),
  diskFreeBytes: megabytes('thẻ nhớ còn trống', 'free on the card'),
  diskTotalBytes: megabytes('dung lượng thẻ nhớ', 'size of the card'),
  diskWearPercent: figure('thẻ nhớ đã mòn', 'wear of the card', '%'),
  linkKind: (kind) => linkWords[kind],
  linkSignalDbm: figure('sóng', 'signal', 'dBm'),
  dataUsedBytes: megabytes('dữ liệu tháng này', 'data this month'),
  clockDriftPpm: figure('đồng hồ lệch nhịp', 'clock rate off by', 'ppm', 1),
  batteryClockOffS: figure('đồng hồ pin lệch', 'battery clock off by', 's', 1),
  doorOpen: either({ vi: 'cửa tủ mở', en: 'door open' }, { vi: 'cửa tủ đóng', en: 'door closed' }),
  amplifierOn: either({ vi: 'âm ly bật', en: 'amplifier on' }, { vi: 'âm ly tắt', en: 'amplifier off' }),
  amplifierCurrentMa: figure('dòng âm ly', 'amplifier current', 'mA'),
  amplifierVolts: figure('điện áp âm ly', 'amplifier voltage', 'V', 1),
  residentBytes: megabytes('chương trình dùng', 'the program uses'),
  uptimeS: (seconds) => {
    const hours = Math.floor(seconds / 3_600);
    return hours < 48
      ? { vi: `bật được ${hours} giờ`, en: `on for ${hours} h` }
      : { vi: `bật được ${Math.floor(hours / 24)} ngày`, en: `on for ${Math.floor(hours / 24)} days` };
  },
};

const linkWords: Record<NonNullable<Readings['linkKind']>, Words> = {
  ethernet: { vi: 'mạng dây', en: 'cable' },
  wifi: { vi: 'Wi-Fi', en: 'Wi-Fi' },
  mobile: { vi: 'mạng di động', en: 'mobile network' },
  unknown: { vi: 'mạng không rõ loại', en: 'a network of unknown kind' },
};

/** All that a sensor said. */
export function readingsWords(readings: Partial<Readings>): Words {
  const said = Object.keys(saying).flatMap((name) => (isReading(name) ? (sayOne(readings, name) ?? []) : []));
  if (said.length === 0) return { vi: 'chưa có số đo', en: 'nothing measured yet' };
  return { vi: said.map(({ vi }) => vi).join(', '), en: said.map(({ en }) => en).join(', ') };
}

/** How much of the disk is free. */
export function spaceWords({ freeBytes, totalBytes }: { freeBytes: number; totalBytes: number }): Words {
  const [free, total] = [size(freeBytes), size(totalBytes)];
  return { vi: `còn trống ${free.vi} trong ${total.vi}`, en: `${free.en} of ${total.en} free` };
}

function isReading(name: string): name is keyof Readings {
  return Object.hasOwn(saying, name);
}

function sayOne<K extends keyof Readings>(readings: Partial<Readings>, name: K): Words | undefined {
  const value = readings[name];
  return value === undefined || value === null ? undefined : saying[name](value);
}

function either(yes: Words, no: Words): Say<boolean> {
  return (value) => (value ? yes : no);
}

function figure(vi: string, en: string, unit: string, places = 0): Say<number> {
  const gap = unit === '%' ? '' : ' ';
  return (value) => ({
    vi: `${vi} ${value.toLocaleString('vi', { maximumFractionDigits: places })}${gap}${unit}`,
    en: `${en} ${value.toLocaleString('en', { maximumFractionDigits: places })}${gap}${unit}`,
  });
}

function megabytes(vi: string, en: string): Say<number> {
  return (bytes) => ({ vi: `${vi} ${size(bytes).vi}`, en: `${en} ${size(bytes).en}` });
}

function size(bytes: number): Words {
  const [value, unit, places] = bytes >= 1e9 ? [bytes / 1e9, 'GB', 1] : [bytes / 1e6, 'MB', 0];
  const said = (locale: string) => `${value.toLocaleString(locale, { maximumFractionDigits: places })} ${unit}`;
  return { vi: said('vi'), en: said('en') };
}
