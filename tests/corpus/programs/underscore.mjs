import _, { groupBy, template } from 'underscore';

console.log(_.chain([1, 2, 3]).map((x) => x * 2).reject((x) => x === 4).value(), groupBy([1.3, 2.1, 2.4], Math.floor), template('<% _.each(xs, function (x) { %><i><%- x %></i><% }) %>')({ xs: ['<', 1] }), _.VERSION);
