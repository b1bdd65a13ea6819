import dayjs from 'dayjs';
import customParseFormat from 'dayjs/plugin/customParseFormat.js';
import relativeTime from 'dayjs/plugin/relativeTime.js';
import utc from 'dayjs/plugin/utc.js';
import 'dayjs/locale/fr.js';

dayjs.extend(utc);
dayjs.extend(relativeTime);
dayjs.extend(customParseFormat);
const day = dayjs('2024-02-29T10:00:00');
console.log(day.add(1, 'year').format('YYYY-MM-DD dddd'), day.locale('fr').format('D MMMM YYYY'), day.from(dayjs('2024-02-01')));
console.log(dayjs.utc(0).format(), dayjs('05/02/69', 'DD/MM/YY').year(), dayjs.isDayjs(day));
