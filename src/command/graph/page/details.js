/** The panel: what is chosen, in words. */

class Details {
    constructor(model, choose) {
        this.model = model;
        this.choose = choose;
        this.element = document.getElementById('details');
    }

    show(choice) {
        const content = choice?.module ? this.module(this.model.node(choice.module))
            : choice?.package ? this.package(choice.package)
                : this.overview();
        this.element.replaceChildren(...content.filter(Boolean));
        this.element.scrollTop = 0;
    }

    back() {
        return make('button', { type: 'button', class: 'back', onclick: () => this.choose(null) }, '← Everything');
    }

    /** A line that leads to a module or a package. */
    row(choice, ...children) {
        return make('button', { type: 'button', class: 'row', onclick: () => this.choose(choice) }, ...children);
    }

    overview() {
        const { model } = this;
        const packages = model.packages.map((name) => {
            const elections = model.electionsOf(name);
            const contested = elections.some((election) => election.candidates.length > 1);
            const versions = elections.map((election) => election.winner.version ?? 'unknown').join(', ');
            return this.row({ package: name },
                make('span', { class: 'chip', style: `--hue: ${hueOf(model, name)}` }, make('span', { class: 'text' }, name)),
                make('span', { class: 'grow soft' }, versions),
                elections.length > 1 && make('span', { class: 'tag' }, `${elections.length} copies`),
                contested && make('span', { class: 'tag warn' }, 'contested'));
        });
        return [
            make('h2', {}, 'Everything'),
            make('p', { class: 'lead' }, 'Every module stands left of what it uses. Choose a module, or a package it provides.'),
            model.isCyclic && make('div', { class: 'finding error' }, 'Modules use each other in a circle, so nothing is supplied.'),
            packages.length > 0 && make('h3', {}, 'Packages'),
            ...packages,
            ...this.findings(model.diagnostics)
        ];
    }

    /** Findings under a heading, those of one code together, errors first. */
    findings(all) {
        if (all.length === 0) return [];
        const codes = new Map();
        for (const finding of all) {
            if (!codes.has(finding.code)) codes.set(finding.code, []);
            codes.get(finding.code).push(finding);
        }
        const sorted = [...codes].sort(([left], [right]) => left.localeCompare(right));
        return [make('h3', {}, 'Findings'), ...sorted.map(([code, findings]) => make('details', { open: all.length <= 6 },
            make('summary', {}, make('b', { class: `code ${findings[0].severity}` }, code), ` ${findings.length}`),
            ...findings.map((finding) => this.finding(finding, true))))];
    }

    finding(finding, withModule) {
        const name = finding.package ? `${finding.module} → ${finding.package}` : finding.module;
        const place = finding.location && `${finding.location.file}:${finding.location.line}:${finding.location.column}`;
        const canLead = withModule && this.model.node(finding.module) !== undefined;
        return make('div', { class: `finding ${finding.severity}` },
            make('b', {}, finding.code), ' ',
            canLead ? make('button', { type: 'button', class: 'back inline', onclick: () => this.choose({ module: finding.module }) }, name) : name,
            make('p', {}, finding.message),
            place && make('p', {}, make('code', {}, place)),
            make('p', { class: 'fix' }, `Fix: ${finding.fix}`));
    }

    module(node) {
        const { model } = this;
        const usedBy = model.edges.filter((edge) => edge.to === node.name).map((edge) => edge.from);
        const link = (name, tag) => this.row({ module: name }, make('span', { class: 'grow' }, name), tag && make('span', { class: 'tag' }, tag));
        const got = (get) => {
            const election = model.elections.get(get.election);
            const version = election?.winner.version;
            return this.row(election ? { package: election.package } : { module: node.name },
                make('code', {}, get.specifier),
                make('span', { class: 'grow mono soft' }, `→ ${get.identifier}`),
                version && make('span', { class: 'tag' }, version));
        };
        const declared = node.gets.filter((get) => get.isDeclared);
        const others = node.gets.filter((get) => !get.isDeclared);
        const exports = Object.entries(node.exports);
        const findings = model.findingsOf(node.name);
        const kind = { root: 'the root', module: 'a module', legacy: 'a module with a legacy configuration' }[node.kind];
        return [
            this.back(),
            make('h2', {}, node.name),
            make('p', { class: 'lead' }, [node.version, kind, node.isBuilt ? 'built' : 'not built', node.dir].filter(Boolean).join(' · ')),
            ...findings.map((finding) => this.finding(finding, false)),
            node.provides.length > 0 && make('h3', {}, 'Provides'),
            ...node.provides.map((provide) => this.row({ package: model.elections.get(provide.election).package },
                chip(model, provide), make('span', { class: 'grow' }),
                make('span', { class: provide.isElected ? 'tag good' : 'tag bad' }, provide.isElected ? 'elected' : 'lost'))),
            node.gets.length > 0 && make('h3', {}, 'Gets'),
            ...declared.map(got),
            others.length > 0 && make('details', {}, make('summary', {}, `${others.length} more that it does not declare`), ...others.map(got)),
            node.uses.length > 0 && make('h3', {}, 'Uses, the last one wins'),
            ...node.uses.map((name, index) => link(name, node.uses.length > 1 && String(index + 1))),
            usedBy.length > 0 && make('h3', {}, 'Used by'),
            ...usedBy.map((name) => link(name)),
            (exports.length > 0 || node.entry) && make('h3', {}, 'Exports'),
            ...exports.map(([name, sides]) => source(`${node.name}/${name}`, sides)),
            node.entry && source('entry', node.entry)
        ];
    }

    package(name) {
        const { model } = this;
        const elections = model.electionsOf(name);
        return [
            this.back(),
            make('h2', {}, name),
            make('p', { class: 'lead' }, elections.length === 1 ? 'One copy for everybody who is supplied with it.' : `${elections.length} copies live side by side.`),
            ...elections.map((election, index) => this.election(election, copyColor(index))),
            ...this.findings(model.diagnostics.filter((finding) => finding.package === name))
        ];
    }

    election(election, color) {
        const losers = election.candidates.filter((candidate) => candidate.identifier !== election.winner.identifier);
        const candidate = (one, tag) => this.row({ module: one.module },
            make('code', { class: 'grow' }, one.identifier),
            make('span', { class: 'soft' }, one.version ?? 'unknown'),
            make('span', { class: `tag ${tag === 'elected' ? 'good' : 'bad'}` }, tag));
        const link = (module) => this.row({ module }, make('span', { class: 'grow' }, module));
        return make('div', { class: 'group', style: `--copy: ${color}` },
            make('h4', {}, election.isIsland ? `${election.id}: only under this name` : `Major ${election.major}`),
            candidate(election.winner, 'elected'),
            ...losers.map((loser) => candidate(loser, 'lost')),
            losers.length === 0 && make('p', { class: 'soft' }, 'Nobody else offers it.'),
            ...election.losses.map((loss) => make('p', {}, loss.sentence)),
            election.modules.length > 0 && make('h3', {}, 'Wired to it'),
            ...election.modules.map(link),
            election.undeclared.length > 0 && make('details', {},
                make('summary', {}, `${election.undeclared.length} more would get it, without declaring it`), ...election.undeclared.map(link)));
    }
}

/** The source of an export on each side. */
function source(name, sides) {
    const files = sides.client === sides.server ? [['both sides', sides.client]] : Object.entries(sides);
    return make('div', { class: 'row' },
        make('div', { class: 'grow' },
            make('code', {}, name),
            ...files.map(([side, file]) => make('div', { class: 'soft' }, `${side}: ${file ?? 'disabled'}`))));
}
