import moment from 'moment';
import 'moment/locale/de.js';

moment.locale('en');
const day = moment([2024, 1, 29, 13, 5]);
console.log(day.format('LLLL'), day.clone().locale('de').format('LLLL'), moment.locales().includes('de'));
console.log(day.clone().add(1, 'month').fromNow(true).length > 0, moment.duration(90, 'minutes').humanize(), day.diff(moment([2023, 0, 1]), 'weeks'));
console.log(moment('2020-13-01').isValid(), moment.utc(0).toISOString(), moment('12-25-1995', 'MM-DD-YYYY').format('dddd'));
