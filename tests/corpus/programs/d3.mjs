import * as d3 from 'd3';
import { geoMercator, geoPath, hierarchy, treemap } from 'd3';

console.log(d3.scaleLinear().domain([0, 10]).range([0, 100]).ticks(5), d3.scaleOrdinal(d3.schemeCategory10)('a'), d3.interpolateRgb('red', 'blue')(0.5));
console.log(d3.line()([[0, 0], [1, 2]]), d3.arc()({ innerRadius: 0, outerRadius: 1, startAngle: 0, endAngle: 1 }), d3.format(',.2f')(1234.567));
console.log(d3.csvParse('a,b\n1,2').columns, [...d3.rollup([{ k: 1, v: 2 }, { k: 1, v: 3 }], (rows) => d3.sum(rows, (row) => row.v), (row) => row.k)], d3.timeFormat('%B %d, %Y')(new Date(2020, 0, 2)));
console.log(geoPath(geoMercator())({ type: 'Point', coordinates: [0, 0] }), treemap().size([10, 10])(hierarchy({ children: [{ v: 1 }, { v: 3 }] }).sum((node) => node.v)).leaves().map((leaf) => [leaf.x0, leaf.x1].join()).join(' '));
console.log(d3.Delaunay.from([[0, 0], [1, 0], [0, 1]]).triangles.length, d3.forceSimulation([{}, {}]).stop().tick(3).nodes().length, Object.keys(d3).length);
