use super::*; use super::report::*; use std::time::Duration;
/// stub
pub fn compose(options: &ComposeOptions, _: &dyn Progress) -> Result<ComposeReport, CommandError> {
    let e = |package: &str, major, name: &str, version: &str, losers: &[&str]| ElectionReport { package: package.into(), major, winner: "shared".into(), name: name.into(), version: Some(version.to_owned()).filter(|v| !v.is_empty()), losers: losers.iter().map(|l| (*l).to_string()).collect() };
    Ok(ComposeReport { name: "host".into(), directory: options.root.clone(), dist: options.root.join("dist"), modules: ["host","shared","vue3-app","vue2-app"].map(String::from).into(),
      elections: vec![e("vue", Some(3), "vue", "3.5.13", &["old-base"]), e("vue", Some(2), "vue2", "2.7.16", &[]), e("@esmx/router", None, "@esmx/router", "", &[])],
      files: vec![FileReport { path: "client/importmap.json".into(), bytes: 1200, kind: FileKind::Document }, FileReport { path: "client/index.html".into(), bytes: 1200, kind: FileKind::Document }], diagnostics: vec![], duration: Duration::from_millis(12) })
}
