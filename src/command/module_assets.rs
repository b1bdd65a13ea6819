//! How the files that a module delivers are called. Both sides say the same names: what a server writes into a
//! page is served by the client's directory.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Mode;
use crate::protocol::Side;
use crate::render::{AssetDelivery, AssetUrls};
use crate::scan::{AssetNames, stable_path};

/// What a server writes before the path of a file, and the runtime replaces (PROTOCOL §10.4).
const BASE_PLACEHOLDER: &str = "[[[___ESMX_DYNAMIC_BASE___]]]";

/// How one side of a module names delivered files.
pub fn module_assets(module_name: &str, root_dir: &Path, side: Side, mode: Mode) -> AssetDelivery {
    AssetDelivery {
        names: Arc::new(ModuleAssets {
            root_dir: root_dir.to_path_buf(),
            mode,
        }),
        urls: match side {
            Side::Client => AssetUrls::FromCode,
            Side::Server => AssetUrls::Prefixed(format!("{BASE_PLACEHOLDER}/{module_name}/")),
        },
    }
}

struct ModuleAssets {
    root_dir: PathBuf,
    mode: Mode,
}

impl AssetNames for ModuleAssets {
    /// With a hash, a name is unique; without, the path makes it so.
    fn file(&self, source: &Path, hash: &str) -> String {
        if self.mode == Mode::Development {
            let path = stable_path(&self.root_dir, source);
            return format!("assets/{}", path.replace("../", "_/"));
        }
        let text = |part: Option<&std::ffi::OsStr>| {
            part.map(|part| part.to_string_lossy().into_owned())
                .unwrap_or_default()
        };
        let stem = text(source.file_stem());
        match text(source.extension()) {
            extension if extension.is_empty() => format!("assets/{stem}.{hash}"),
            extension => format!("assets/{stem}.{hash}.final.{extension}"),
        }
    }

    fn url(&self, file: &str) -> String {
        crate::render::url_path(file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_on_both_sides() {
        let file = |side, mode| {
            module_assets("shop", Path::new("/w/shop"), side, mode)
                .names
                .file(Path::new("/w/shop/src/logo.png"), "0123abcd")
        };
        assert_eq!(
            file(Side::Client, Mode::Production),
            "assets/logo.0123abcd.final.png"
        );
        assert_eq!(
            file(Side::Server, Mode::Production),
            file(Side::Client, Mode::Production)
        );
        assert_eq!(file(Side::Client, Mode::Development), "assets/src/logo.png");
    }
}
