/** Joins model, canvas, panel and search. The address says what is chosen, so that a link can. */

class Model {
    constructor(picture) {
        Object.assign(this, picture);
        this.elections = new Map(picture.elections.map((election) => [election.id, election]));
        this.packages = [...new Set(picture.elections.map((election) => election.package))].sort();
        this.nodesByName = new Map(picture.nodes.map((node) => [node.name, node]));
    }

    node(name) {
        return this.nodesByName.get(name);
    }

    electionsOf(name) {
        return [...this.elections.values()].filter((election) => election.package === name);
    }

    findingsOf(module) {
        return this.diagnostics.filter((finding) => finding.module === module);
    }
}

const model = new Model(JSON.parse(document.getElementById('data').textContent));
showHeader();
const details = new Details(model, choose);
const canvas = new Canvas(model, choose);

/** @param {{ module?: string, package?: string } | null} choice */
function choose(choice) {
    const known = choice?.module !== undefined ? model.node(choice.module) !== undefined
        : choice?.package !== undefined && model.packages.includes(choice.package);
    const chosen = known ? choice : null;
    canvas.highlight(chosen);
    details.show(chosen);
    const hash = chosen === null ? '' : `#${new URLSearchParams(chosen)}`;
    if (location.hash !== hash) history.replaceState(null, '', hash === '' ? location.pathname + location.search : hash);
    if (chosen?.module) canvas.reveal(chosen.module);
}

function chooseFromAddress() {
    const parameters = new URLSearchParams(location.hash.slice(1));
    choose(parameters.size === 0 ? null : Object.fromEntries(parameters));
}

function showHeader() {
    const count = (number, noun) => `${number} ${noun}${number === 1 ? '' : 's'}`;
    const errors = model.diagnostics.filter((finding) => finding.severity === 'error').length;
    const warnings = model.diagnostics.length - errors;
    document.getElementById('title').textContent = model.root;
    document.getElementById('counts').replaceChildren(
        make('span', {}, count(model.nodes.length, 'module')),
        make('span', {}, count(model.packages.length, 'package')),
        ...(errors > 0 ? [make('span', { class: 'bad' }, count(errors, 'error'))] : []),
        ...(warnings > 0 ? [make('span', { class: 'warn' }, count(warnings, 'warning'))] : []));
    document.getElementById('legend').textContent = 'uses → to the right · dashed card: not built · struck through: lost its election';
}

/** The search box: names that contain what is typed, those that begin with it first. */
function startSearch() {
    const input = document.getElementById('search');
    const list = document.getElementById('results');
    const entries = [
        ...model.nodes.map((node) => ({ text: node.name, kind: 'module', choice: { module: node.name } })),
        ...model.packages.map((name) => ({ text: name, kind: 'package', choice: { package: name } })),
        ...model.nodes.flatMap((node) => Object.keys(node.exports).map((name) => ({ text: `${node.name}/${name}`, kind: 'export', choice: { module: node.name } }))),
        ...model.nodes.flatMap((node) => node.provides.map((provide) => (
            { text: `${node.name}/${provide.name}`, kind: 'offer', choice: { package: model.elections.get(provide.election).package } })))
    ];
    let found = [];
    let current = 0;
    const close = () => {
        list.hidden = true;
        input.setAttribute('aria-expanded', 'false');
        input.removeAttribute('aria-activedescendant');
    };
    const mark = (index) => {
        current = index;
        [...list.children].forEach((item, position) => item.setAttribute('aria-selected', String(position === index)));
        list.children[index]?.scrollIntoView({ block: 'nearest' });
        if (found.length > 0) input.setAttribute('aria-activedescendant', `result-${index}`);
    };
    const take = (entry) => {
        if (!entry) return;
        input.value = '';
        close();
        choose(entry.choice);
        (canvas.cards.get(entry.choice.module) ?? details.element).focus({ preventScroll: true });
    };
    const update = () => {
        const word = input.value.trim().toLowerCase();
        if (word === '') return close();
        const rank = (entry) => {
            const text = entry.text.toLowerCase();
            return text === word ? 0 : text.startsWith(word) ? 1 : text.includes(word) ? 2 : 3;
        };
        found = entries.filter((entry) => rank(entry) < 3).sort((left, right) => rank(left) - rank(right)).slice(0, 12);
        list.replaceChildren(...found.map((entry, index) => make('li', {
            id: `result-${index}`, role: 'option',
            onmousedown: (event) => { event.preventDefault(); take(entry); }
        }, make('span', {}, entry.text), make('span', { class: 'kind' }, entry.kind))));
        if (found.length === 0) list.replaceChildren(make('li', { class: 'none' }, 'Nothing has this name.'));
        list.hidden = false;
        input.setAttribute('aria-expanded', 'true');
        mark(0);
    };
    input.addEventListener('input', update);
    input.addEventListener('focus', update);
    input.addEventListener('blur', close);
    input.addEventListener('keydown', (event) => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            const step = event.key === 'ArrowDown' ? 1 : found.length - 1;
            if (found.length > 0) mark((current + step) % found.length);
        } else if (event.key === 'Enter') {
            take(found[current]);
        } else if (event.key === 'Escape') {
            event.stopPropagation();
            input.value = '';
            close();
        }
    });
    document.addEventListener('keydown', (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === 'Escape') choose(null);
        if (event.target === input) return;
        if (event.key === '/') {
            event.preventDefault();
            input.focus();
        }
        if (event.key === '+') canvas.zoom(1.25);
        if (event.key === '-') canvas.zoom(0.8);
        if (event.key === '0') canvas.fit();
    });
}

document.getElementById('theme').addEventListener('click', () => {
    const { style } = document.documentElement;
    const isDark = style.colorScheme === '' ? matchMedia('(prefers-color-scheme: dark)').matches : style.colorScheme === 'dark';
    style.colorScheme = isDark ? 'light' : 'dark';
});
addEventListener('hashchange', chooseFromAddress);
startSearch();
chooseFromAddress();
