import { add, differenceInCalendarDays, eachDayOfInterval, format, formatDistance, formatDuration, intervalToDuration, parse, parseISO } from 'date-fns';
import { de, ja } from 'date-fns/locale';
import { addDays as addDaysFp } from 'date-fns/fp';

const day = new Date(2024, 1, 29, 13, 5);
console.log(format(day, "yyyy-MM-dd'T'HH:mm EEEE do"), format(day, 'PPPP', { locale: de }), format(day, 'PPP', { locale: ja }));
console.log(format(add(day, { years: 1, months: 1 }), 'P'), differenceInCalendarDays(day, new Date(2023, 11, 31)), format(addDaysFp(3)(day), 'P'));
console.log(formatDistance(day, new Date(2024, 0, 1)), formatDuration(intervalToDuration({ start: 0, end: 5_000_000 })));
console.log(eachDayOfInterval({ start: day, end: add(day, { days: 2 }) }).length, format(parse('3 März 2021', 'd MMMM yyyy', new Date(0), { locale: de }), 'P'), format(parseISO('2020-02-03'), 'dd/MM'));
