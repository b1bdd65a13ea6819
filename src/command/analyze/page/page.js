/** A map per chunk: packages, and in them modules. A click on a package shows it alone. */

const analysis = JSON.parse(document.getElementById('data').textContent);
const chunks = analysis.outputs.filter((output) => output.modules.length > 0);
const LABEL = 18;
let chosen = chunks[0];
let zoomed = null;

function make(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name === 'click') element.addEventListener('click', value);
        else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
}

function size(bytes) {
    if (bytes === undefined) return 'unknown';
    if (bytes < 1000) return `${bytes} B`;
    return bytes < 999995 ? `${(bytes / 1e3).toFixed(2)} kB` : `${(bytes / 1e6).toFixed(2)} MB`;
}

/** The same colour for a package in every chunk. */
function hue(text) {
    let hash = 0;
    for (const character of text) hash = (hash * 31 + character.codePointAt(0)) >>> 0;
    return Math.imul(hash, 2654435761) / 2 ** 32 * 360 + 180;
}

const sizes = (output) => `${size(output.bytes)}, gzip ${size(output.gzip)}, brotli ${size(output.brotli)}`;
const label = (part) => part.version === undefined ? part.name : `${part.name} ${part.version}`;

function box(kind, place, packageDir, text, title, click) {
    const element = make(click ? 'button' : 'div', { class: `box ${kind}`, title, ...(click && { type: 'button', click }) }, make('span', {}, text));
    element.style.setProperty('--hue', hue(packageDir));
    for (const [name, value] of [['left', place.x], ['top', place.y], ['width', place.width], ['height', place.height]]) {
        element.style[name] = `${value}px`;
    }
    return element;
}

function drawMap() {
    const map = document.getElementById('map');
    const room = { x: 0, y: 0, width: map.clientWidth, height: map.clientHeight };
    const groups = chosen.packages.filter((part) => zoomed === null || part.package === zoomed);
    const boxes = [];
    for (const group of squarify(groups, room)) {
        const part = group.item;
        const share = (bytes) => `${(100 * bytes / chosen.bytes).toFixed(1)} %`;
        boxes.push(box('group', group, part.package, `${label(part)} · ${size(part.bytes)}`,
            `${label(part)}\n${part.package}\n${size(part.bytes)}, ${share(part.bytes)} of the chunk`, () => zoom(zoomed === null ? part.package : null)));
        const inner = { x: group.x + 2, y: group.y + LABEL, width: group.width - 4, height: group.height - LABEL - 2 };
        const modules = chosen.modules.filter((module) => module.package === part.package);
        for (const place of squarify(modules, inner)) {
            // What is smaller than a pixel or two is not seen and makes the page slow.
            if (place.width < 3 || place.height < 3) continue;
            const inside = place.item.name.startsWith(`${part.package}/`) ? place.item.name.slice(part.package.length + 1) : place.item.name;
            boxes.push(box('leaf', place, part.package, place.width > 30 && place.height > 14 ? inside : '',
                `${place.item.name}\n${size(place.item.bytes)}, ${share(place.item.bytes)} of the chunk`, () => zoom(zoomed === null ? part.package : null)));
        }
    }
    map.replaceChildren(...boxes);
}

function zoom(packageDir) {
    zoomed = packageDir;
    draw();
}

function draw() {
    const chunkButtons = chunks.map((output) => make('button', {
        type: 'button', 'aria-pressed': String(output === chosen), title: sizes(output),
        click: () => { chosen = output; zoom(null); }
    }, `${output.path} · ${size(output.bytes)}`));
    document.getElementById('chunks').replaceChildren(...chunkButtons);
    const trail = document.getElementById('trail');
    trail.replaceChildren();
    if (chosen === undefined) {
        trail.append('No output has modules.');
        return;
    }
    const part = chosen.packages.find((one) => one.package === zoomed);
    if (part === undefined) trail.append(`${chosen.path}: ${sizes(chosen)}. Click a package to see it alone.`);
    else trail.append(make('button', { type: 'button', click: () => zoom(null) }, chosen.path), ` › ${label(part)}: ${size(part.bytes)}`);
    drawMap();
}

function table(heads, rows) {
    return make('table', {},
        make('tr', {}, ...heads.map((head) => make('th', {}, head))),
        ...rows.map((row) => make('tr', {}, ...row.map((cell) => make('td', {}, cell)))));
}

function drawCopies() {
    const section = document.getElementById('copies');
    section.append(make('h2', {}, 'Packages that are there more than once'));
    if (analysis.duplicates.length === 0) section.append(make('p', { class: 'soft' }, 'None.'));
    for (const duplicate of analysis.duplicates) {
        section.append(make('p', {}, make('b', {}, duplicate.name), `: ${duplicate.copies.length} copies, ${size(duplicate.wasted)} too many. ${duplicate.reason}`));
        for (const copy of duplicate.copies) {
            const asked = copy.askedBy === undefined ? 'an entry of its own' : `${copy.askedBy} asks for ${copy.range ?? 'it'}`;
            section.append(
                make('p', {}, `${copy.version ?? 'version unknown'} · ${copy.dir} · ${size(copy.bytes)} · ${asked}`),
                make('p', { class: 'chain' }, copy.chain.map((step) => step.path).join(' → ')));
        }
    }
}

function drawTimes() {
    if (analysis.times === undefined) return;
    const section = document.getElementById('times');
    const rows = (spent) => spent.slice(0, 20).map((one) => [one.name, String(one.count), one.milliseconds.toFixed(2)]);
    section.append(
        make('h2', {}, 'Slowest stages'), table(['stage', 'times', 'ms'], rows(analysis.times.stages)),
        make('h2', {}, 'Slowest modules'), table(['module', 'times', 'ms'], rows(analysis.times.modules)));
}

const sum = (key) => analysis.outputs.reduce((total, output) => total + (output[key] ?? 0), 0);
document.getElementById('total').textContent = `${analysis.outputs.length} ${analysis.outputs.length === 1 ? 'file' : 'files'}, ${size(sum('bytes'))}`;
addEventListener('resize', draw);
addEventListener('keydown', (event) => { if (event.key === 'Escape' && zoomed !== null) zoom(null); });
draw();
drawCopies();
drawTimes();
