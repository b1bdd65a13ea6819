import { DateTime, Duration, Info, Interval } from 'luxon';

const day = DateTime.fromISO('2024-02-29T12:00', { zone: 'Europe/Berlin' });
console.log(day.toISO(), day.plus({ months: 1 }).setLocale('de').toFormat('cccc, d. LLLL yyyy'), day.setZone('Asia/Tokyo').toFormat('HH:mm ZZ'));
console.log(Duration.fromObject({ minutes: 90 }).shiftTo('hours', 'minutes').toObject(), Interval.after(day, { days: 2 }).splitBy({ days: 1 }).length, Info.months('short', { locale: 'fr' }).join());
