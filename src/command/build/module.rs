//! One module: linked once, then both sides, then written.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::Workshop;
use super::application::{ApplicationInput, application_files};
use super::findings::{contested_names, not_declared, unreadable_package, unusable_name};
use super::output::{application_report, types_report, write};
use super::side::build_side;
use super::types::{ModuleTypes, module_types};
use crate::base::{FileSystem, Pieces};
use crate::cache::{Keeping, Output};
use crate::command::again::{KeptLayout, LaidOut};
use crate::command::report::{ModuleReport, SideReport};
use crate::command::{DeclarationFiles, Progress, Stage, named};
use crate::diagnostic::{Diagnostic, has_errors};
use crate::emit::EmittedFile;
use crate::link::{Linkage, Owners, link};
use crate::protocol::{PackageRecord, Side};
use crate::resolve::Resolver;
use crate::scan::KeptTargets;

/// What one module is built with.
pub(super) struct Tools<'a> {
    pub workshop: &'a Workshop,
    pub files: &'a dyn FileSystem,
    /// Client first.
    pub resolvers: &'a [Resolver; 2],
    /// What other builds have made of the code of each side, where it is minified; client first.
    pub pieces: Option<[Arc<dyn Pieces>; 2]>,
    /// Where requests led in the last build, and lead, client first.
    pub targets: Option<&'a [Arc<KeptTargets>; 2]>,
    /// How files were laid out in it.
    pub layouts: Option<&'a [Arc<KeptLayout>; 2]>,
}

/// What the cache has of a module that is to be kept, and how the files of each side were laid out.
type ToKeep = Option<(Vec<Output>, [LaidOut; 2])>;

impl Tools<'_> {
    pub(super) fn resolver(&self, side: Side) -> &Resolver {
        of_side(self.resolvers, side)
    }

    pub(super) fn pieces(&self, side: Side) -> Option<Arc<dyn Pieces>> {
        let pieces = self.pieces.as_ref()?;
        Some(Arc::clone(of_side(pieces, side)))
    }

    pub(super) fn targets(&self, side: Side) -> Option<&KeptTargets> {
        Some(&**of_side(self.targets?, side))
    }

    pub(super) fn layout(&self, side: Side) -> Option<&KeptLayout> {
        Some(&**of_side(self.layouts?, side))
    }
}

/// That of one side, where the client's comes first.
fn of_side<Thing>(things: &[Thing; 2], side: Side) -> &Thing {
    let [client, server] = things;
    match side {
        Side::Client => client,
        Side::Server => server,
    }
}

/// One module: link once, then both sides, then write. Says also what was put into the cache, where it is to be kept.
pub(super) fn build_module(
    tools: &Tools<'_>,
    record: &PackageRecord,
    dir: &Path,
    progress: &dyn Progress,
) -> (ModuleReport, ToKeep) {
    let started = Instant::now();
    let mut kept = None;
    let mut report = ModuleReport {
        name: record.label(),
        directory: dir.to_path_buf(),
        dist: dir.join("dist"),
        sides: Vec::new(),
        application: Vec::new(),
        written: 0,
        diagnostics: Vec::new(),
        duration: started.elapsed(),
        keeping: Keeping::default(),
    };
    match build_linked(tools, record, dir, &mut report, progress) {
        Ok((sides, outputs)) => (report.sides, kept) = (sides, outputs),
        Err(diagnostics) => report.diagnostics.extend(diagnostics),
    }
    report.duration = started.elapsed();
    (report, kept)
}

fn build_linked(
    tools: &Tools<'_>,
    record: &PackageRecord,
    dir: &Path,
    report: &mut ModuleReport,
    progress: &dyn Progress,
) -> Result<(Vec<SideReport>, ToKeep), Vec<Diagnostic>> {
    let workshop = tools.workshop;
    let name = report.name.clone();
    progress.stage(&name, None, Stage::Link);
    let linkage = link(
        tools.files,
        dir,
        &workshop.facts_of(tools.files, record, dir),
        Owners::Elected,
    )
    .map_err(|error| vec![unreadable_package(dir, &error)])?
    .sharing(workshop.options.shared.specifiers_of_module(&record.name));
    if linkage.root().declaration.is_none() && linkage.legacy().is_none() {
        return Err(vec![not_declared(linkage.root())]);
    }
    report.diagnostics.extend(linkage.diagnostics.iter().cloned());
    report.diagnostics.extend(unusable_name(linkage.root()));
    report.diagnostics.extend(contested_names(linkage.root()));
    if has_errors(&report.diagnostics) {
        return Err(Vec::new());
    }
    let (client, server) = rayon::join(
        || build_side(tools, &linkage, Side::Client, progress),
        || build_side(tools, &linkage, Side::Server, progress),
    );
    let (sides, laid_out) = match (client, server) {
        (Ok(mut client), Ok(server)) => {
            client.emitted.add_served(&server.emitted.served_by_client);
            let idle = client.idle.into_iter();
            let idle = idle.filter(|finding| server.idle.contains(finding));
            report.diagnostics.extend(idle);
            report.diagnostics.extend(client.of_code);
            let of_server = server.of_code.into_iter();
            let told = report.diagnostics.clone();
            report
                .diagnostics
                .extend(of_server.filter(|finding| !told.contains(finding)));
            let laid_out = client.laid_out.zip(server.laid_out);
            ([client.emitted, server.emitted], laid_out)
        }
        (client, server) => {
            return Err([client.err(), server.err()]
                .into_iter()
                .flatten()
                .flatten()
                .collect());
        }
    };
    let application = build_application(tools, &linkage)?;
    let types = build_types(tools, &linkage)?;
    report.diagnostics.extend(types.diagnostics.iter().cloned());
    progress.stage(&name, None, Stage::Write);
    let cache = workshop
        .cache
        .as_ref()
        .filter(|_| tools.files.observer().is_some());
    let (sides, written, kept) = write(tools.files, &linkage, &sides, &application, &types, cache)
        .map_err(|diagnostic| vec![*diagnostic])?;
    report.written = written.changed + written.removed;
    report.application = application.iter().map(application_report).collect();
    report.application.extend(types.files.iter().map(types_report));
    Ok((sides, kept.zip(laid_out.map(Into::into))))
}

/// What starts the module in Node; a library has nothing to start.
fn build_application(tools: &Tools<'_>, linkage: &Linkage) -> Result<Vec<EmittedFile>, Vec<Diagnostic>> {
    if !linkage.is_application() {
        return Ok(Vec::new());
    }
    let module_name = &linkage.root().name;
    application_files(&ApplicationInput {
        files: tools.files,
        dir: linkage.root_real_dir(),
        module_name,
        resolver: tools.resolver(Side::Server),
        syntaxes: &tools.workshop.syntaxes,
    })
    .map_err(|diagnostics| named(diagnostics, module_name))
}

/// The declarations of what the module exports, if they are asked for.
fn build_types(tools: &Tools<'_>, linkage: &Linkage) -> Result<ModuleTypes, Vec<Diagnostic>> {
    let workshop = tools.workshop;
    if workshop.options.declarations == DeclarationFiles::Omitted {
        return Ok(ModuleTypes::default());
    }
    let module_name = &linkage.root().name;
    let (outcome, sources) = module_types(tools.files, linkage, tools.resolver(Side::Server));
    workshop.known_type_sources().extend(sources);
    let mut types = outcome.map_err(|diagnostics| named(diagnostics, module_name))?;
    types.diagnostics = named(types.diagnostics, module_name);
    Ok(types)
}
