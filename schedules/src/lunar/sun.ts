/**
 * Where on the ecliptic does the sun stand? Its apparent longitude from the largest terms of VSOP87D (Bretagnon and
 * Francou, Astronomy and Astrophysics 202 (1988) 309; terms above 0.2″), with aberration and nutation after Meeus,
 * Astronomical Algorithms (2nd ed., 1998) chapters 22 and 25. Within 2″ of the full theory in 1900–2199, which
 * the sun crosses in 50 s; reads no clock.
 */
import { deltaTSeconds, polynomial } from './delta-t.ts';

/** Terms of the earth's heliocentric longitude, by power of time: amplitude, phase, frequency a millennium, radians. */
const longitudeTerms: readonly (readonly (readonly [number, number, number])[])[] = [
  [
    [1.75347045673, 0, 0],
    [0.03341656456, 4.66925680417, 6283.0758499914],
    [0.00034894275, 4.62610241759, 12566.1516999828],
    [0.00003417571, 2.82886579606, 3.523118349],
    [0.00003497056, 2.74411800971, 5753.3848848968],
    [0.00003135896, 3.62767041758, 77713.7714681205],
    [0.00002676218, 4.41808351397, 7860.4193924392],
    [0.00002342687, 6.13516237631, 3930.2096962196],
    [0.00001273166, 2.03709655772, 529.6909650946],
    [0.00001324292, 0.74246356352, 11506.7697697936],
    [0.00000901855, 2.04505443513, 26.2983197998],
    [0.00001199167, 1.10962944315, 1577.3435424478],
    [0.00000857223, 3.50849156957, 398.1490034082],
    [0.00000779786, 1.17882652114, 5223.6939198022],
    [0.0000099025, 5.23268129594, 5884.9268465832],
    [0.00000753141, 2.53339053818, 5507.5532386674],
    [0.00000505264, 4.58292563052, 18849.2275499742],
    [0.00000492379, 4.20506639861, 775.522611324],
    [0.00000356655, 2.91954116867, 0.0673103028],
    [0.00000284125, 1.89869034186, 796.2980068164],
    [0.0000024281, 0.34481140906, 5486.777843175],
    [0.00000317087, 5.84901952218, 11790.6290886588],
    [0.00000271039, 0.31488607649, 10977.078804699],
    [0.0000020616, 4.80646606059, 2544.3144198834],
    [0.00000205385, 1.86947813692, 5573.1428014331],
    [0.00000202261, 2.45767795458, 6069.7767545534],
    [0.00000126184, 1.0830263021, 20.7753954924],
    [0.00000155516, 0.83306073807, 213.299095438],
    [0.00000115132, 0.64544911683, 0.9803210682],
    [0.00000102851, 0.63599846727, 4694.0029547076],
    [0.00000101724, 4.26679821365, 7.1135470008],
    [0.00000132212, 3.41118275555, 2942.4634232916],
    [0.00000101895, 0.97569221824, 15720.8387848784],
  ],
  [
    [6283.31966747491, 0, 0],
    [0.00206058863, 2.67823455584, 6283.0758499914],
    [0.0000430343, 2.63512650414, 12566.1516999828],
    [0.00000425264, 1.59046980729, 3.523118349],
  ],
  [
    [0.0005291887, 0, 0],
    [0.00008719837, 1.07209665242, 6283.0758499914],
    [0.00000309125, 0.86728818832, 12566.1516999828],
  ],
];

const radians = Math.PI / 180;
const degrees = 180 / Math.PI;

/** The sun's apparent geocentric longitude in degrees, 0 included to 360 excluded, at a Julian date in UT. */
export function sunLongitudeDegrees(julianDate: number): number {
  const year = 2000 + (julianDate - 2451545) / 365.25;
  const t = (julianDate + deltaTSeconds(year) / 86_400 - 2451545) / 365250;
  const heliocentric = polynomial(
    longitudeTerms.map((terms) =>
      terms.reduce((sum, [amplitude, phase, frequency]) => sum + amplitude * Math.cos(phase + frequency * t), 0),
    ),
    t,
  );
  const longitude = heliocentric * degrees + 180 + (aberrationArcseconds(t) + nutationArcseconds(t)) / 3600;
  return longitude - 360 * Math.floor(longitude / 360);
}

/** −20.4898″ over the distance in astronomical units (Meeus eq. 25.10), the distance after Kepler; −0.09″ to FK5. */
function aberrationArcseconds(t: number): number {
  const anomaly = (357.52911 + 359990.503 * t) * radians;
  return -20.4898 * (1 + 0.016709 * Math.cos(anomaly)) - 0.0903;
}

/** Nutation in longitude, the four largest terms (Meeus chapter 22). */
function nutationArcseconds(t: number): number {
  const node = (125.04452 - 19341.36261 * t) * radians;
  const sun = (280.4665 + 360007.698 * t) * radians;
  const moon = (218.3165 + 4812678.813 * t) * radians;
  return -17.2 * Math.sin(node) - 1.32 * Math.sin(2 * sun) - 0.23 * Math.sin(2 * moon) + 0.21 * Math.sin(2 * node);
}
