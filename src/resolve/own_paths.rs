//! Files of one's own that are asked for as if they were in a package: `@/pages/home`.

use std::path::Path;

use oxc_resolver::{Resolution, ResolveOptions};

use super::{RequestKind, Resolver, is_installed, options};

impl Resolver {
    /// Whether `specifier`, which looks like the name of a package, is a file of one's own by the `paths` or the `baseUrl` of a
    /// tsconfig.
    pub fn is_own_by_paths(&self, importer: &Path, specifier: &str, kind: RequestKind) -> bool {
        if is_installed(importer) {
            return false;
        }
        let linked = self.linked[kind as usize].get_or_init(|| {
            self.import.clone_with_options(ResolveOptions {
                symlinks: false,
                ..options(&self.settings, kind)
            })
        });
        let directory = importer.parent().unwrap_or(importer);
        let is_own =
            |found: &Result<Resolution, _>| matches!(found, Ok(found) if !is_installed(found.path()));
        // Without them, a package may still name itself.
        is_own(&linked.resolve_file(importer, specifier)) && !is_own(&linked.resolve(directory, specifier))
    }
}
