//! From a legacy configuration to the declaration that says the same (PROTOCOL §14.5), row by row. What has no
//! faithful expression becomes an obstacle; nothing is guessed.

use indexmap::{IndexMap, IndexSet};
use std::path::{Path, PathBuf};

use crate::base::{FileSystem, normalize};
use crate::diagnostic::{Location, Notice};
use crate::protocol::legacy::{
    ExportForm, ExportTarget, LegacyConfiguration, LegacyExport, LegacyKind, Placed, SideTexts, TextForm,
};
use crate::protocol::package_edit::Json;
use crate::protocol::{DependencySpec, PackageRecord, Side, effective_name, split_package};

/// What will stand in `package.json`, and what cannot.
pub(super) struct Plan {
    /// The value of `esmx`.
    pub declaration: Json,
    /// Specifiers that were mapped to a package of another name.
    pub aliases: Vec<Alias>,
    /// Facts that no declaration expresses.
    pub obstacles: Vec<Notice>,
    /// Specifiers whose wiring an obstacle is about.
    pub unexpressed: IndexSet<String>,
    /// What is worth looking at afterwards.
    pub notices: Vec<Notice>,
}

/// `imports: { vue: 'shared/vue2' }`: the dependency that makes `vue` mean the same by itself.
pub(super) struct Alias {
    /// The dependency key.
    pub key: String,
    /// `npm:<real name>@<range>`; `None` when the provider does not say it.
    pub value: Option<String>,
    /// The specifier as mapped.
    pub specifier: String,
    /// Where.
    pub location: Location,
}

pub(super) fn plan(
    files: &dyn FileSystem,
    record: &PackageRecord,
    configuration: &LegacyConfiguration,
) -> Plan {
    let mut planner = Planner {
        files,
        record,
        configuration,
        obstacles: Vec::new(),
        unexpressed: IndexSet::new(),
        notices: Vec::new(),
    };
    let mut members: Vec<(String, Json)> = Vec::new();
    let mut exports = configuration.effective_exports();
    if configuration.kind == LegacyKind::Application {
        members.push(("entry".to_owned(), planner.entry(&mut exports)));
    }
    let (sources, packages) = planner.exports(&exports);
    if !sources.is_empty() {
        members.push(("exports".to_owned(), Json::Object(sources)));
    }
    if !packages.is_empty() {
        members.push(("provides".to_owned(), Json::List(packages)));
    }
    let uses: Vec<String> = configuration
        .links
        .keys()
        .filter(|name| **name != record.name)
        .cloned()
        .collect();
    if !uses.is_empty() {
        members.push(("uses".to_owned(), Json::List(uses)));
    }
    let aliases = planner.imports();
    planner.scopes();
    Plan {
        declaration: Json::Object(members),
        aliases,
        obstacles: planner.obstacles,
        unexpressed: planner.unexpressed,
        notices: planner.notices,
    }
}

struct Planner<'a> {
    files: &'a dyn FileSystem,
    record: &'a PackageRecord,
    configuration: &'a LegacyConfiguration,
    obstacles: Vec<Notice>,
    unexpressed: IndexSet<String>,
    notices: Vec<Notice>,
}

impl Planner<'_> {
    /// Takes the two framework entries out of the exports.
    fn entry(&mut self, exports: &mut IndexMap<String, LegacyExport>) -> Json {
        let mut sides = Vec::new();
        for side in Side::BOTH {
            let other = match side {
                Side::Client => Side::Server,
                Side::Server => Side::Client,
            };
            let name = format!("src/entry.{side}");
            let Some(export) = exports.shift_remove(&name) else {
                continue;
            };
            let location = self.location(&name);
            if export.on(other).is_some() {
                self.obstacle(
                    location,
                    format!(
                        "`{name}` is exported on the {other} side as well; a framework entry is for one side."
                    ),
                    format!("Disable it there: {{ '{name}': {{ {side}: '…', {other}: false }} }}."),
                );
                continue;
            }
            match export.on(side) {
                None => sides.push((side.to_string(), Json::False)),
                Some(target) => {
                    if let Some(path) = self.source(&name, target) {
                        sides.push((side.to_string(), Json::Text(path)));
                    }
                }
            }
        }
        Json::Object(sides)
    }

    /// The members of `esmx.exports` and the items of `esmx.provides`.
    fn exports(&mut self, exports: &IndexMap<String, LegacyExport>) -> (Vec<(String, Json)>, Vec<String>) {
        let mut sources = Vec::new();
        let mut packages = Vec::new();
        for (name, export) in exports {
            let is_library_entry = export.form == ExportForm::Default;
            match (&export.client, &export.server) {
                _ if is_library_entry => {}
                (Some(ExportTarget::Package(client)), Some(ExportTarget::Package(server)))
                    if client == server =>
                {
                    if self.is_same_package(name, client) {
                        packages.push(name.clone());
                    } else {
                        self.foreign_package(name, client);
                    }
                }
                (client, server) => {
                    if let Some(value) = self.file_export(export, client.as_ref(), server.as_ref()) {
                        sources.push((format!("./{name}"), value));
                    }
                }
            }
        }
        (sources, packages)
    }

    fn file_export(
        &mut self,
        export: &LegacyExport,
        client: Option<&ExportTarget>,
        server: Option<&ExportTarget>,
    ) -> Option<Json> {
        let name = &export.name;
        let location = self.location(name);
        if let ExportForm::Fork { implied } = &export.form
            && let Some(side) = implied.first()
        {
            self.obstacle(
                location,
                format!("The {side} side of `{name}` names no file, so it is the file called `{name}`; a declaration has no such rule."),
                format!("Write the path of the {side} file, or `false` if there is none."),
            );
            return None;
        }
        // A string without prefix is its own name, extension and all.
        let is_plain_item = export.form == ExportForm::Item
            && matches!(client, Some(ExportTarget::File(path)) if path == name);
        if is_plain_item {
            self.obstacle(
                location,
                format!("'{name}' has neither `root:` nor `pkg:`, so its public name is the text itself."),
                "Write 'root:<path>' and correct the imports of that name, or give it a name: { name: './path' }.".to_owned(),
            );
            return None;
        }
        let before = self.obstacles.len();
        let mut side = |target: Option<&ExportTarget>| match target {
            None => Some(Json::False),
            Some(target) => self.source(name, target).map(Json::Text),
        };
        let (client, server) = (side(client), side(server));
        if self.obstacles.len() > before {
            return None;
        }
        match (client?, server?) {
            (client @ Json::Text(_), server) if client == server => Some(client),
            (client, server) => Some(Json::Object(vec![
                ("client".to_owned(), client),
                ("server".to_owned(), server),
            ])),
        }
    }

    /// The path as a declaration spells it: with `./` and the extension that the file really has.
    fn source(&mut self, name: &str, target: &ExportTarget) -> Option<String> {
        let location = self.location(name);
        let path = match target {
            ExportTarget::File(path) if path.starts_with("./") && path.len() > 2 => path,
            ExportTarget::File(path) => {
                self.obstacle(
                    location,
                    format!("The path of `{name}` is '{path}', and a declaration's paths start with `./`."),
                    "Write the path from the module's directory with `./`, or 'root:<path>'.".to_owned(),
                );
                return None;
            }
            ExportTarget::Package(specifier) => {
                self.unexpressed.insert(name.to_owned());
                self.obstacle(
                    location,
                    format!("`{name}` is the package {specifier} on one side only; a declaration provides a package on both."),
                    format!("Export a file of the module that says `export * from '{specifier}'`."),
                );
                return None;
            }
        };
        if let Some(found) = self.existing(path) {
            return Some(found);
        }
        let written = if name.starts_with("src/entry.") && path == &format!("./{name}") {
            format!("{path}.ts")
        } else {
            path.clone()
        };
        let missing = Notice {
            message: format!("The source of `{name}` does not exist: {path}."),
            fix: format!("Create {written}, or remove it from the declaration."),
            location,
        };
        if !self.notices.contains(&missing) {
            self.notices.push(missing);
        }
        Some(written)
    }

    fn existing(&self, path: &str) -> Option<String> {
        const EXTENSIONS: [&str; 11] = [
            "ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "json", "vue", "svelte",
        ];
        let is_file = |candidate: &String| {
            self.files
                .is_file(&normalize(&self.record.dir.join(candidate.as_str())))
        };
        let with_extensions = |stem: String| {
            EXTENSIONS
                .iter()
                .map(move |extension| format!("{stem}.{extension}"))
        };
        std::iter::once(path.to_owned())
            .chain(with_extensions(path.to_owned()))
            .chain(with_extensions(format!("{}/index", path.trim_end_matches('/'))))
            .find(is_file)
    }

    /// `{ n: 'pkg:X' }` is a provided package when `n` is X, or another name of the same package.
    fn is_same_package(&self, name: &str, specifier: &str) -> bool {
        if name == specifier {
            return true;
        }
        let ((package, subpath), (of, of_subpath)) = (split_package(name), split_package(specifier));
        let real = |key: &str| {
            self.record
                .all_dependencies()
                .find(|(known, _)| *known == key)
                .map_or_else(
                    || key.to_owned(),
                    |(key, value)| effective_name(key, value).to_owned(),
                )
        };
        let is_alias = self
            .record
            .all_dependencies()
            .any(|(key, value)| key == package && DependencySpec::parse(value).alias_target().is_some());
        is_alias && subpath == of_subpath && real(package) == real(of)
    }

    fn foreign_package(&mut self, name: &str, specifier: &str) {
        let location = self.location(name);
        self.unexpressed.insert(name.to_owned());
        self.obstacle(
            location,
            format!(
                "The package {specifier} is exported as `{name}`; a declaration provides packages by their own names."
            ),
            format!(
                "Import '{specifier}' where '{name}' is imported, or export a file of the module that says `export * from '{specifier}'`."
            ),
        );
    }

    /// Mappings to a linked module are derived from `uses`; whether they are derived alike is proven later.
    fn imports(&mut self) -> Vec<Alias> {
        let mut aliases = Vec::new();
        let imports: Vec<(String, Placed<SideTexts>)> = self
            .configuration
            .imports
            .iter()
            .map(|(specifier, texts)| (specifier.clone(), texts.clone()))
            .collect();
        for (specifier, Placed { value, location }) in imports {
            let (TextForm::Common, Some(target)) = (value.form, value.client) else {
                self.unexpressed.insert(specifier.clone());
                self.obstacle(
                    Some(location),
                    format!("`{specifier}` is mapped for each side apart, and a declaration wires both sides alike."),
                    "Map it to a module export that forks, or import that export by its own name.".to_owned(),
                );
                continue;
            };
            let Some((module, rest)) = self.linked(&target) else {
                self.unexpressed.insert(specifier.clone());
                self.obstacle(
                    Some(location),
                    format!("`{specifier}` is mapped to {target}, which is nothing of a linked module."),
                    "Link the module that has it, or import it by that name in the code.".to_owned(),
                );
                continue;
            };
            aliases.push(Alias {
                key: split_package(&specifier).0.to_owned(),
                value: self.alias(&specifier, &module, &rest),
                specifier,
                location,
            });
        }
        aliases
    }

    /// `shared/vue2` → the linked module and what it is asked for.
    fn linked(&self, target: &str) -> Option<(PathBuf, String)> {
        let (module, rest) = split_package(target);
        let rest = rest.strip_prefix('/')?.to_owned();
        if module == self.record.name {
            return Some((self.record.dir.clone(), rest));
        }
        let link = self.configuration.links.get(module)?;
        let artifact = normalize(&self.record.dir.join(&link.value));
        Some((artifact.parent().unwrap_or(&artifact).to_path_buf(), rest))
    }

    /// The alias by which `specifier` means what the provider calls `name`: both are one package.
    fn alias(&self, specifier: &str, provider: &Path, name: &str) -> Option<String> {
        let provider = PackageRecord::read(self.files, provider).ok()?;
        let ((key, subpath), (package, of_subpath)) = (split_package(specifier), split_package(name));
        let (_, value) = provider.all_dependencies().find(|(known, _)| *known == package)?;
        let spec = DependencySpec::parse(value);
        let is_same = subpath == of_subpath && spec.alias_target() == Some(key);
        is_same.then(|| format!("npm:{key}@{}", spec.checkable_range().unwrap_or("*")))
    }

    fn scopes(&mut self) {
        for (name, table) in &self.configuration.scopes {
            if table.value.is_empty() {
                continue;
            }
            let place = if name.is_empty() {
                self.unexpressed.extend(table.value.keys().cloned());
                "the module".to_owned()
            } else {
                format!("`{name}`")
            };
            self.obstacles.push(Notice {
                message: format!(
                    "`scopes` wires {place} by hand, and a declaration has one wiring for the whole module."
                ),
                fix: "Move that part into a module of its own, with the dependencies it needs.".to_owned(),
                location: Some(table.location.clone()),
            });
        }
    }

    fn location(&self, export: &str) -> Option<Location> {
        let written = self.configuration.exports.iter().rev();
        written
            .into_iter()
            .find(|placed| placed.value.name == export)
            .map(|placed| placed.location.clone())
    }

    /// Both sides of an export often have the same one.
    fn obstacle(&mut self, location: Option<Location>, message: String, fix: String) {
        let obstacle = Notice {
            message,
            fix,
            location,
        };
        if !self.obstacles.contains(&obstacle) {
            self.obstacles.push(obstacle);
        }
    }
}
