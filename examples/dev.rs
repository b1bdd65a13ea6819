use esmx_build::{base::DiskFileSystem,scan::*,resolve::*,protocol::Side,link::Linkage,graph::EntryKind,bind,chunk,render};
use std::path::PathBuf;
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let root = std::fs::canonicalize(&args[0]).unwrap();
    let out = PathBuf::from(&args[1]);
    let min = args[2] == "min";
    let side = if args[3] == "server" { Side::Server } else { Side::Client };
    let mode = if min { Mode::Production } else { Mode::Development };
    let syntaxes = SyntaxCache::new(SourceSettings { mode });
    let resolver = Resolver::new(side, mode);
    let entries = args[4..].iter().map(|a| { let (n, s) = a.split_once('=').unwrap(); EntryRequest { name: n.into(), specifier: s.into(), kind: if s.starts_with('.') {EntryKind::Export} else {EntryKind::Provided} } }).collect();
    let linkage = Linkage::stub();
    let pool = rayon::ThreadPoolBuilder::new().stack_size(64<<20).build().unwrap();
    pool.install(|| {
    let t = std::time::Instant::now();
    let graph = match scan(&ScanInput { files: &DiskFileSystem, linkage: &linkage, root_dir: &root, module_name: "dev", side, entries, resolver: &resolver, syntaxes: &syntaxes }) { Ok(g) => g, Err(d) => { for d in d { eprintln!("{} {:?} {}\n{}", d.code, d.location.map(|l| (l.file,l.line,l.column)), d.message, d.fix); } std::process::exit(1) } };
    let t1 = t.elapsed();
    let bound = match bind::bind(graph) { Ok(g) => g, Err(d) => { for d in d { eprintln!("{} {:?} {}\n{}", d.code, d.location.map(|l| (l.file,l.line,l.column)), d.message, d.fix); } std::process::exit(1) } };
    let t2 = t.elapsed();
    let chunks = chunk::chunk(bound, if min { chunk::InterfaceNames::Short } else { chunk::InterfaceNames::Readable });
    let t3 = t.elapsed();
    let keys = chunks.chunks.iter().map(|c| c.name.clone()).collect();
    let r = render::render(&chunks, &render::RenderOptions { side, minification: if min { render::Minification::On } else { render::Minification::Off }, position_tracking: render::PositionTracking::On, hashing: if min { render::Hashing::Hashed } else { render::Hashing::Plain }, chunk_keys: keys, output_dir: out.clone() });
    eprintln!("scan {t1:?} bind {t2:?} chunk {t3:?} render {:?} modules {}", t.elapsed(), chunks.bound.graph.modules.len());
    let _ = std::fs::remove_dir_all(&out);
    for c in r { let p = out.join(&c.file); std::fs::create_dir_all(p.parent().unwrap()).unwrap(); std::fs::write(&p, &c.code).unwrap(); if let Some(m) = c.source_map { std::fs::write(format!("{}.map", p.display()), m).unwrap(); } println!("{}", c.file); }
    });
}
