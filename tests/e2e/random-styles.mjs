/** Random style sheets that are functions of a seed: some that import each other, and some with many declarations. */

import { chanceOf } from '../bundle_cases/chance.mjs';

/** What no browser can read, and what no browser may trip over. */
const JUNK = [
    '*zoom: 1;', 'nothing;', 'a b: c;', '.x! { --v1: bad }', '@bogus x;', 'color: ;', 'margin: 1px 2px 3px 4px 5px;', '& > .y { --v2: inner }',
    'background: url( x y );', '@font-face { src: none }', '--v3: {a;b};', ';;', '$x: 1;', '{ --v0: bad }', '.t! & { --v0: bad }'
];
const LAYERS = ['a', 'b', 'a.c', 'd'];
const SUPPORTS = ['supports(display: grid)', 'supports(display: grid)', 'supports(foo: bar)'];
const MEDIA = ['screen', 'all', '(min-width: 1px)', 'screen and (min-width: 2px)', 'print', '(max-width: 1px)'];

/**
 * Sheets that import each other, also in circles, in layers and under conditions; `f0.css` is the first.
 *
 * @param {number} seed
 * @returns {Record<string, string>}
 */
export function sheetsThatImport(seed) {
    const { integer, chance, pick } = chanceOf(seed);
    const count = 2 + integer(6);
    const junk = () => (chance(0.2) ? ` ${pick(JUNK)}` : '');
    const conditions = () => [
        chance(0.35) && (chance(0.3) ? 'layer' : `layer(${pick(LAYERS)})`),
        chance(0.25) && pick(SUPPORTS),
        chance(0.25) && pick(MEDIA)
    ].filter(Boolean).map((condition) => ` ${condition}`).join('');
    const rule = (sheet, number) => {
        const declaration = `--v${integer(4)}: f${sheet}r${number}${chance(0.12) ? ' !important' : ''};`;
        const text = `${chance(0.05) ? '.q! { --v0: bad } ' : ''}.t {${junk()} ${declaration}${junk()} }`;
        const around = [`@layer ${pick(LAYERS)}`, '@layer', '@media screen', '@media print'][integer(8)];
        return around === undefined ? text : `${around} { ${text} }`;
    };
    const sheet = (number) => [
        ...(chance(0.2) ? [`@layer ${pick(LAYERS)}${chance(0.5) ? `, ${pick(LAYERS)}` : ''};`] : []),
        ...Array.from({ length: integer(3) + (number === 0 ? 1 : 0) }, () => `@import "./f${integer(count)}.css"${conditions()};`),
        ...Array.from({ length: 1 + integer(3) }, (_, index) => rule(number, index))
    ];
    return Object.fromEntries(Array.from({ length: count }, (_, number) => [`f${number}.css`, `${sheet(number).join('\n')}\n`]));
}

const LENGTHS = ['0', '1px', '2px', '3em', '4%', 'calc(1px + 2%)', 'var(--x)', '5px'];
const COLORS = ['red', 'blue', '#123', 'rgb(1 2 3 / .5)', 'currentColor', 'transparent', 'hsl(120 50% 50%)'];
const LINES = ['solid', 'dotted', 'none'];
const SELECTORS = [
    '.t', '.u', '.t.u', '.t, .u', ':is(.t, .u)', '.t:not(.v)', '.x .u', 'div', '.t, .nope', ':where(.t)', '.u:hover, .t', '[class~="t"]', '.t::before',
    '.t:nth-child(1n)'
];
/** `L`, `C` and `S` stand for a length, a color and a line style. */
const DECLARATIONS = [
    'margin: L L', 'margin-left: L', 'margin: L L L L', 'margin-inline-start: L', 'margin-top: L', 'margin-inline: L L', 'margin-right: L', 'margin-bottom: L',
    'padding: L', 'padding-left: L', 'padding-block: L', 'border: 1px S C', 'border-top-color: C', 'border-left: 2px S C', 'border-width: 2px 3px',
    'border-style: S', 'border-color: C C', 'border-inline-start: 3px S red', 'border-radius: 2px 3px / 4px', 'border-top-left-radius: 7px', 'border-image: none',
    'background: C', 'background-color: C', 'background: url(data:,) no-repeat 1px 2px C', 'background-size: cover', 'background-clip: text',
    'background-image: linear-gradient(red, blue)', 'color: C', 'font: 12px/1.5 serif', 'font: italic bold 1em Arial, sans-serif', 'font-size: 2em', 'line-height: 1',
    'line-height: normal', 'font-weight: lighter', 'font-family: "A B", serif', 'font-variant: small-caps', 'font-stretch: condensed', 'flex: 0 1 auto', 'flex: none',
    'flex-grow: 2', 'flex-flow: column wrap', 'flex-direction: row-reverse', 'flex-basis: L', 'inset: L', 'top: L', 'left: L', 'inset-inline: 3px 4px',
    'overflow: auto visible', 'overflow: scroll', 'overflow-x: hidden', 'animation: b 2s linear infinite', 'animation-name: q', 'transform: rotate(1deg)',
    'transform: translate(1px, 2%) scale(2)', 'transform: none', 'scale: 2', 'rotate: 3deg', 'translate: 1px', 'grid-template: "a b" 1fr / 1px 2px',
    'grid-template: none', 'grid-template-areas: "x y"', 'grid-area: 1 / 2 / 3 / 4', 'grid-row: 5', 'gap: 1px 2px', 'row-gap: 3px', 'place-items: start end',
    'align-items: stretch', 'justify-content: space-between', 'display: flex', 'display: inline-grid', 'display: none', 'position: sticky', 'width: L', 'max-width: L',
    'width: -webkit-fill-available', 'height: min(1px, 2px)', 'text-decoration: underline red', 'text-decoration: none',
    'list-style: square inside', 'list-style-type: disc', 'mask: none', 'mask: url(data:,x) no-repeat', 'mask-size: 3px', '-webkit-mask-size: 4px', 'outline: 1px solid C',
    'outline-offset: 2px', 'box-shadow: inset 1px 2px blue, 3px 4px', 'z-index: 3', 'opacity: 50%', 'all: unset', 'filter: brightness(.5) contrast(2)', 'filter: none',
    '--x: 1px', '--x: initial', 'columns: 2 3em', 'column-count: 4', 'container: a / inline-size', 'text-emphasis: dot red', 'aspect-ratio: 1 / 2', 'scroll-margin: 1px',
    'vertical-align: 3px', 'cursor: pointer', 'content: "x"', 'direction: rtl'
];

/**
 * One sheet whose rules set the same properties of the same elements again and again.
 *
 * @param {number} seed
 * @returns {Record<string, string>}
 */
export function sheetsThatOverride(seed) {
    const { integer, chance, pick } = chanceOf(seed);
    const kinds = { L: LENGTHS, C: COLORS, S: LINES };
    const declaration = () => pick(DECLARATIONS).replaceAll(/\b[LCS]\b/g, (kind) => pick(kinds[kind]));
    const rule = () => {
        const declarations = Array.from({ length: 1 + integer(4) }, () => `${declaration()}${chance(0.1) ? ' !important' : ''};`);
        const nested = chance(0.15) ? ` &${pick(['.u', ':not(.z)', '::before'])} { ${declaration()}; } ${declaration()};` : '';
        const text = `${pick(SELECTORS)} { ${declarations.join(' ')}${nested} }`;
        const around = ['@media screen', '@supports (display: grid)', '@layer q'][integer(15)];
        return around === undefined ? text : `${around} { ${text} }`;
    };
    return { 'f0.css': `${Array.from({ length: 3 + integer(8) }, rule).join('\n')}\n` };
}
