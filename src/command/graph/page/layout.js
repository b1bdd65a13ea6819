/**
 * A layered layout from left to right: every module stands left of everything it uses.
 *
 * Long edges get a small place of their own in each layer they cross, so that they run between the cards and not
 * behind them. Layers are ordered by the mean place of their neighbours, a few times in both directions, and then
 * everything moves towards its neighbours as far as the order allows.
 */

const COLUMN = 208;
const COLUMN_GAP = 104;
const ROW_GAP = 24;
const SWEEPS = 12;
const SCREEN = 1.3;
const FEWEST_ROWS = 7;

/**
 * @param {{ name: string, height: number }[]} cards The root first.
 * @param {{ from: string, to: string }[]} edges
 * @returns {{ places: Map<string, { x: number, y: number }>, routes: { from: string, to: string, points: [number, number][] }[], width: number, height: number }}
 */
function layOut(cards, edges) {
    const depth = columns(cards, depths(cards, edges));
    const layers = [];
    const add = (item) => (layers[item.layer] ??= []).push(item);
    const items = new Map(cards.map((card) => [card.name, { ...card, layer: depth.get(card.name), before: [], after: [] }]));
    items.forEach(add);
    const chains = [];
    for (const { from, to } of edges) {
        const [start, end] = [items.get(from), items.get(to)];
        if (!start || !end || start === end || end.layer <= start.layer) {
            if (start && end) chains.push({ from, to, chain: [start, end] });
            continue;
        }
        const chain = [start];
        for (let layer = start.layer + 1; layer < end.layer; layer += 1) {
            const bend = { layer, height: 2, before: [], after: [] };
            add(bend);
            chain.push(bend);
        }
        chain.push(end);
        for (let index = 1; index < chain.length; index += 1) {
            chain[index - 1].after.push(chain[index]);
            chain[index].before.push(chain[index - 1]);
        }
        chains.push({ from, to, chain });
    }
    for (let layer = 0; layer < layers.length; layer += 1) layers[layer] ??= [];
    layers.forEach(stack);
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
        const forward = sweep % 2 === 0;
        for (const layer of forward ? layers : [...layers].reverse()) {
            const wish = new Map(layer.map((item, index) => [item, center(forward ? item.before : item.after) ?? middle(item) + index / 1e6]));
            layer.sort((left, right) => wish.get(left) - wish.get(right));
            stack(layer);
        }
    }
    for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
        for (const layer of sweep % 2 === 0 ? layers : [...layers].reverse()) settle(layer);
    }
    const all = layers.flat();
    const top = Math.min(0, ...all.map((item) => item.y));
    for (const item of all) item.y -= top;
    const x = (item) => item.layer * (COLUMN + COLUMN_GAP);
    const routes = chains.map(({ from, to, chain }) => ({ from, to, points: chain.flatMap((item, index) => {
        const y = middle(item);
        if (index === 0) return [[x(item) + COLUMN, y]];
        if (index === chain.length - 1) return [[x(item), y]];
        return [[x(item), y], [x(item) + COLUMN, y]];
    }) }));
    return {
        places: new Map([...items].map(([name, item]) => [name, { x: x(item), y: item.y }])),
        routes,
        width: layers.length * (COLUMN + COLUMN_GAP) - COLUMN_GAP,
        height: Math.max(0, ...all.map((item) => item.y + item.height))
    };
}

/** The longest way from the root to each module; in a circle the way stops where it would repeat. */
function depths(cards, edges) {
    const uses = new Map(cards.map(({ name }) => [name, []]));
    for (const { from, to } of edges) if (uses.has(to)) uses.get(from)?.push(to);
    const order = [];
    const seen = new Map();
    const circular = new Set();
    const visit = (start) => {
        const stack = [[start, 0]];
        seen.set(start, 'open');
        while (stack.length > 0) {
            const top = stack[stack.length - 1];
            const next = uses.get(top[0])[top[1]++];
            if (next === undefined) {
                seen.set(top[0], 'done');
                order.unshift(top[0]);
                stack.pop();
            } else if (!seen.has(next)) {
                seen.set(next, 'open');
                stack.push([next, 0]);
            } else if (seen.get(next) === 'open') {
                circular.add(`${top[0]}\n${next}`);
            }
        }
    };
    for (const { name } of cards) if (!seen.has(name)) visit(name);
    const depth = new Map(cards.map(({ name }) => [name, 0]));
    for (const name of order) {
        for (const used of uses.get(name)) {
            if (!circular.has(`${name}\n${used}`)) depth.set(used, Math.max(depth.get(used), depth.get(name) + 1));
        }
    }
    return depth;
}

/** A layer of very many modules becomes several columns, as many as make the picture about as wide as a screen. */
function columns(cards, depth) {
    const layers = [];
    for (const card of cards) (layers[depth.get(card.name)] ??= []).push(card);
    const height = cards.reduce((sum, card) => sum + card.height, 0) / cards.length + ROW_GAP;
    const size = (rows) => {
        const count = layers.reduce((sum, layer) => sum + Math.ceil(layer.length / rows), 0);
        return Math.max(count * (COLUMN + COLUMN_GAP) / SCREEN, Math.min(rows, Math.max(...layers.map((layer) => layer.length))) * height);
    };
    let best = cards.length;
    for (let rows = cards.length; rows >= FEWEST_ROWS; rows -= 1) if (size(rows) < size(best) * 0.98) best = rows;
    const column = new Map();
    let first = 0;
    for (const layer of layers) {
        const count = Math.ceil(layer.length / best);
        layer.forEach((card, index) => column.set(card.name, first + Math.floor(index * count / layer.length)));
        first += count;
    }
    return column;
}

function middle(item) {
    return item.y + item.height / 2;
}

function center(items) {
    return items.length === 0 ? undefined : items.reduce((sum, item) => sum + middle(item), 0) / items.length;
}

/** The space between two neighbours of a layer: cards need air, lines that pass by do not. */
function gap(above, below) {
    const isLine = (item) => item.name === undefined;
    if (isLine(above) && isLine(below)) return 3;
    return isLine(above) || isLine(below) ? 14 : ROW_GAP;
}

/** Distance of each item's top from the first one's when all stand as close as they may. */
function offsets(layer) {
    let offset = 0;
    return layer.map((item, index) => {
        if (index > 0) offset += layer[index - 1].height + gap(layer[index - 1], item);
        return offset;
    });
}

/** One below the other, around zero. */
function stack(layer) {
    if (layer.length === 0) return;
    const tops = offsets(layer);
    const half = (tops[tops.length - 1] + layer[layer.length - 1].height) / 2;
    layer.forEach((item, index) => { item.y = tops[index] - half; });
}

/**
 * Moves the items of a layer as close to their neighbours' mean as their order and size allow: the least squares,
 * found by pooling neighbours that would overlap into blocks that move together.
 */
function settle(layer) {
    const tops = offsets(layer);
    const blocks = [];
    layer.forEach((item, index) => {
        const wish = (center([...item.before, ...item.after]) ?? middle(item)) - item.height / 2 - tops[index];
        let block = { sum: wish, count: 1 };
        while (blocks.length > 0 && blocks[blocks.length - 1].sum / blocks[blocks.length - 1].count > block.sum / block.count) {
            const above = blocks.pop();
            block = { sum: above.sum + block.sum, count: above.count + block.count };
        }
        blocks.push(block);
    });
    let index = 0;
    for (const { sum, count } of blocks) {
        for (let step = 0; step < count; step += 1, index += 1) layer[index].y = sum / count + tops[index];
    }
}
