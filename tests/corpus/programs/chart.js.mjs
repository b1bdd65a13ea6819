import { Chart, Interaction, LinearScale, registerables, Ticks } from 'chart.js';
import { color, splineCurve, toFont, resolve, merge, isArray } from 'chart.js/helpers';

Chart.register(...registerables);
console.log(Chart.registry.getScale('linear') === LinearScale, Chart.version, Object.keys(Chart.overrides).sort().join());
console.log(Ticks.formatters.values(['a']), color('red').alpha(0.5).rgbString(), toFont({ size: 3, family: 'x', style: 'bold' }).string);
console.log(merge({ a: { b: 1 } }, { a: { c: 2 } }), isArray(registerables), Object.keys(Interaction.modes).join(), resolve([undefined, 3]));
console.log(splineCurve({ x: 0, y: 0 }, { x: 1, y: 1 }, { x: 2, y: 0 }, 0.4).next.x.toFixed(3));
