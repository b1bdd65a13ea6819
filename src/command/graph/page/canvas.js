/** The drawing: cards, edges, and the view on them. */

const SVG = 'http://www.w3.org/2000/svg';
const MOST_CHIPS = 6;

/**
 * An element with attributes and children; text stays text.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `class`, `aria-…`, `data-…`, and listeners as `onclick`.
 * @param {(Node | string | null | undefined | false)[]} children
 */
function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
        else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

/** The same colour for a package everywhere. */
function hueOf(model, packageName) {
    return (model.packages.indexOf(packageName) * 67 + 210) % 360;
}

function chip(model, provide) {
    const election = model.elections.get(provide.election);
    const text = `${provide.name} ${provide.version ?? '?'}`;
    return make('span', {
        class: provide.isElected ? 'chip' : 'chip lost',
        style: `--hue: ${hueOf(model, election.package)}`,
        title: provide.isElected ? `${text}: elected` : `${text}: lost to ${election.winner.identifier}`,
        'data-election': provide.election
    }, make('span', { class: 'text' }, provide.name), make('span', { class: 'version' }, ` ${provide.version ?? '?'}`));
}

/** A colour for each copy of one package: what is wired to which has to be seen at once. */
const COPY_HUES = [150, 268, 28, 200, 330];

function copyColor(index) {
    return `light-dark(hsl(${COPY_HUES[index % COPY_HUES.length]} 70% 33%), hsl(${COPY_HUES[index % COPY_HUES.length]} 62% 66%))`;
}

class Canvas {
    constructor(model, choose) {
        this.model = model;
        this.element = document.getElementById('canvas');
        this.plane = document.getElementById('plane');
        this.svg = document.getElementById('edges');
        this.cards = new Map(model.nodes.map((node) => [node.name, this.card(node, choose)]));
        document.getElementById('cards').append(...this.cards.values());
        this.draw();
        this.view = { x: 0, y: 0, scale: 1 };
        this.fit();
        this.listen();
    }

    card(node, choose) {
        const findings = this.model.findingsOf(node.name);
        const errors = findings.filter((finding) => finding.severity === 'error').length;
        const state = node.isBuilt ? 'built' : 'not built';
        const kind = { root: 'root', module: '', legacy: 'legacy' }[node.kind];
        const about = [node.version, kind, state].filter(Boolean).join(' · ');
        const chips = node.provides.slice(0, MOST_CHIPS).map((provide) => chip(this.model, provide));
        const hidden = node.provides.length - chips.length;
        const told = [
            node.name, about,
            node.uses.length > 0 && `uses ${node.uses.join(', ')}`,
            node.provides.length > 0 && `provides ${node.provides.map((provide) => provide.name + (provide.isElected ? '' : ', which lost')).join(', ')}`,
            findings.length > 0 && `${findings.length} findings`
        ];
        return make('button', {
            type: 'button',
            class: `card ${node.kind} ${node.isBuilt ? '' : 'unbuilt'}`,
            'data-module': node.name,
            'aria-label': told.filter(Boolean).join('; '),
            onclick: (event) => {
                const election = event.target.closest('.chip')?.dataset.election;
                choose(election === undefined ? { module: node.name } : { package: this.model.elections.get(election).package });
            },
            onmouseenter: () => this.hover(node.name),
            onmouseleave: () => this.hover(null),
            onfocus: () => this.reveal(node.name)
        },
        make('span', { class: 'name' }, node.name),
        make('span', { class: 'about' }, about),
        chips.length > 0 && make('span', { class: 'chips' }, ...chips, hidden > 0 && make('span', { class: 'chip more' }, `+${hidden}`)),
        findings.length > 0 && make('span', {
            class: errors > 0 ? 'badge error' : 'badge',
            title: findings.map((finding) => `${finding.code}: ${finding.message}`).join('\n')
        }, String(findings.length)));
    }

    draw() {
        const sizes = [...this.cards].map(([name, card]) => ({ name, height: card.offsetHeight }));
        this.layout = layOut(sizes, this.model.edges);
        for (const [name, card] of this.cards) {
            const { x, y } = this.layout.places.get(name);
            card.style.left = `${x}px`;
            card.style.top = `${y}px`;
        }
        this.svg.setAttribute('width', this.layout.width);
        this.svg.setAttribute('height', this.layout.height);
        this.paths = this.layout.routes.map((route) => {
            const path = document.createElementNS(SVG, 'path');
            path.setAttribute('class', 'uses');
            path.setAttribute('d', curve(route.points));
            return { ...route, path };
        });
        this.svg.replaceChildren(...this.paths.map(({ path }) => path));
    }

    /** Shows what belongs to a choice: a module and its neighbours, or a package and everybody it concerns. */
    highlight(choice) {
        this.choice = choice;
        const near = new Set();
        const roles = new Map();
        const colors = new Map();
        this.svg.querySelectorAll('.supply, .lost, text').forEach((element) => element.remove());
        if (choice?.module) {
            near.add(choice.module);
            roles.set(choice.module, 'selected');
            for (const { from, to } of this.model.edges) {
                if (from === choice.module) near.add(to);
                if (to === choice.module) near.add(from);
            }
        } else if (choice?.package) {
            for (const [index, election] of this.model.electionsOf(choice.package).entries()) {
                const color = copyColor(index);
                near.add(election.winner.module);
                colors.set(election.winner.module, color);
                for (const module of election.modules) {
                    near.add(module);
                    if (!roles.has(module)) {
                        roles.set(module, 'wired');
                        colors.set(module, color);
                    }
                    this.supply(module, election.winner.module, 'supply', color);
                }
                for (const candidate of election.candidates) {
                    near.add(candidate.module);
                    if (candidate.identifier === election.winner.identifier) roles.set(candidate.module, 'winner');
                    else {
                        roles.set(candidate.module, 'loser');
                        this.supply(candidate.module, election.winner.module, 'lost');
                    }
                }
            }
        }
        this.plane.classList.toggle('focused', near.size > 0);
        for (const [name, card] of this.cards) {
            card.classList.toggle('far', near.size > 0 && !near.has(name));
            card.style.setProperty('--copy', colors.get(name) ?? 'var(--good)');
            for (const role of ['selected', 'winner', 'loser', 'wired']) card.classList.toggle(role, roles.get(name) === role);
            card.setAttribute('aria-pressed', String(choice?.module === name));
        }
        for (const { from, to, path, points } of this.paths) {
            const isNear = choice?.module !== undefined && (from === choice.module || to === choice.module);
            path.classList.toggle('near', isNear);
            if (isNear && from === choice.module) this.position(from, to, points);
        }
    }

    /** The place of an entry in `uses`, near the card that uses. */
    position(from, to, points) {
        const uses = this.model.node(from).uses;
        if (uses.length < 2) return;
        const text = document.createElementNS(SVG, 'text');
        const end = points[points.length - 1];
        text.setAttribute('x', end[0] - 16);
        text.setAttribute('y', end[1] - 5);
        text.textContent = String(uses.lastIndexOf(to) + 1);
        this.svg.append(text);
    }

    supply(from, to, kind, color) {
        if (from === to) return;
        const [start, end] = [this.box(from), this.box(to)];
        const path = document.createElementNS(SVG, 'path');
        path.setAttribute('class', kind);
        if (color !== undefined) path.style.stroke = color;
        const isRight = end.x > start.x;
        const startX = isRight ? start.x + COLUMN : start.x;
        const endX = isRight ? end.x : end.x + COLUMN;
        const points = start.x === end.x
            ? `M${start.x + COLUMN} ${start.middle} C${start.x + COLUMN + 60} ${start.middle} ${end.x + COLUMN + 60} ${end.middle} ${end.x + COLUMN} ${end.middle}`
            : curve([[startX, start.middle + 5], [endX, end.middle + 5]]);
        path.setAttribute('d', points);
        this.svg.append(path);
    }

    box(name) {
        const { x, y } = this.layout.places.get(name);
        return { x, y, middle: y + this.cards.get(name).offsetHeight / 2 };
    }

    hover(name) {
        if (this.choice) return;
        this.highlight(name === null ? null : { module: name });
        this.choice = null;
    }

    /** Moves a card into the view when the keyboard leads there. */
    reveal(name) {
        const { x, y } = this.layout.places.get(name);
        const { scale } = this.view;
        const [left, top] = [x * scale + this.view.x, y * scale + this.view.y];
        const { clientWidth, clientHeight } = this.element;
        const isInside = left >= 0 && top >= 0 && left + COLUMN * scale <= clientWidth && top + 60 * scale <= clientHeight;
        if (!isInside) this.look(clientWidth / 2 - (x + COLUMN / 2) * scale, clientHeight / 2 - y * scale, scale);
    }

    /** Where the reader wants to look; from then on the view is theirs. */
    look(x, y, scale) {
        this.isMoved = true;
        this.move(x, y, scale);
    }

    move(x, y, scale) {
        this.view = { x, y, scale };
        this.plane.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    }

    fit() {
        this.isMoved = false;
        const { clientWidth, clientHeight } = this.element;
        const { width, height } = this.layout;
        const scale = Math.min(1.15, (clientWidth - 60) / width, (clientHeight - 90) / height);
        this.move((clientWidth - width * scale) / 2, (clientHeight - height * scale) / 2 - 8, scale);
    }

    zoom(factor, x = this.element.clientWidth / 2, y = this.element.clientHeight / 2) {
        const scale = Math.min(3, Math.max(0.08, this.view.scale * factor));
        const ratio = scale / this.view.scale;
        this.look(x - (x - this.view.x) * ratio, y - (y - this.view.y) * ratio, scale);
    }

    listen() {
        this.element.addEventListener('wheel', (event) => {
            event.preventDefault();
            const { left, top } = this.element.getBoundingClientRect();
            if (event.ctrlKey || event.metaKey) this.zoom(Math.exp(-event.deltaY / 200), event.clientX - left, event.clientY - top);
            else this.look(this.view.x - event.deltaX, this.view.y - event.deltaY, this.view.scale);
        }, { passive: false });
        this.element.addEventListener('pointerdown', (event) => {
            if (event.target.closest('button')) return;
            const start = { x: event.clientX - this.view.x, y: event.clientY - this.view.y };
            this.element.setPointerCapture(event.pointerId);
            this.element.classList.add('dragging');
            const drag = (move) => this.look(move.clientX - start.x, move.clientY - start.y, this.view.scale);
            const stop = () => {
                this.element.removeEventListener('pointermove', drag);
                this.element.classList.remove('dragging');
            };
            this.element.addEventListener('pointermove', drag);
            this.element.addEventListener('pointerup', stop, { once: true });
            this.element.addEventListener('pointercancel', stop, { once: true });
        });
        document.getElementById('zoom').addEventListener('click', (event) => {
            const { zoom } = event.target.dataset;
            if (zoom === 'fit') this.fit();
            else if (zoom !== undefined) this.zoom(zoom === 'in' ? 1.25 : 0.8);
        });
        new ResizeObserver(() => this.isMoved || this.fit()).observe(this.element);
        document.getElementById('cards').addEventListener('keydown', (event) => this.step(event));
    }

    /** Arrow keys lead to the nearest card in their direction. */
    step(event) {
        const direction = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
        const name = event.target.closest('.card')?.dataset.module;
        if (!direction || name === undefined) return;
        event.preventDefault();
        const here = this.box(name);
        const distance = (there) => {
            const [x, y] = [there.x - here.x, there.middle - here.middle];
            const along = x * direction[0] + y * direction[1];
            return along <= 1 ? Infinity : along + 3 * Math.abs(x * direction[1] + y * direction[0]);
        };
        const ranked = [...this.cards.keys()].map((other) => [distance(this.box(other)), other]).sort((left, right) => left[0] - right[0]);
        if (ranked[0][0] < Infinity) this.cards.get(ranked[0][1]).focus();
    }
}

/** A smooth line from left to right through points. */
function curve(points) {
    let path = `M${points[0].join(' ')}`;
    for (let index = 1; index < points.length; index += 1) {
        const [[x, y], [nextX, nextY]] = [points[index - 1], points[index]];
        const half = (nextX - x) / 2;
        path += ` C${x + half} ${y} ${nextX - half} ${nextY} ${nextX} ${nextY}`;
    }
    return path;
}
